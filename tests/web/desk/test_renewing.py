"""The page that renews itself, the files beside it, and how little both ask for."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.desk_cases import Years, write_down
from hotline.storage.database import DatabaseAway
from hotline.web.desk import open_cases
from hotline.web.desk.static_files import FOLDER, mark_of
from tests.web.desk.desk import Desk, Visitor

HTMX = {"HX-Request": "true"}
MOST_STATEMENTS = 15


def renewal_of(page: str) -> str:
    """The address from which this page renews itself."""
    found = re.search(r'id="fresh" hx-get="/desk([^"]+)" hx-trigger="every 20s, wake"', page)
    assert found, page
    return unescape(found[1])


def test_a_list_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    desk.caller_asks()
    dara = desk.staff("Dara")
    address = renewal_of(dara.sees("/").text)
    same = dara.sees(address, headers=HTMX)
    assert (same.status_code, same.data) == (204, b"")
    ref = desk.caller_asks(number="+85512000002")
    newer = dara.sees(address, headers=HTMX)
    assert ref in newer.text
    assert "<html" not in newer.text
    assert renewal_of(newer.text) != address
    assert dara.sees(address).text.startswith("<!doctype html>")


def test_what_one_looks_at_is_what_is_renewed(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.staff("Dara")
    address = renewal_of(dara.sees("/?whose=mine").text)
    assert address.startswith("/?whose=mine&quiet=1&seen=")
    desk.takes_by_text("Sophea", ref)
    assert f"case-{ref}" not in dara.sees(address, headers=HTMX).text


def test_a_page_that_renews_itself_does_not_keep_one_signed_in(desk: Desk) -> None:
    dara = desk.staff("Dara")
    address = renewal_of(dara.sees("/").text)
    for _ in range(40):
        desk.minutes_pass(2)
        gone = dara.sees(address, headers=HTMX)
        if "HX-Redirect" in gone.headers:
            break
    assert gone.headers["HX-Redirect"] == "/desk/sign-in"
    assert gone.status_code == 200
    assert "Location" not in gone.headers


def test_a_redirect_leads_the_whole_page_away(desk: Desk) -> None:
    answer = desk.staff("Dara").sees("/closed", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/desk/cases?state=closed"
    assert answer.data == b""


def test_a_database_that_is_away_leaves_the_old_list(desk: Desk, monkeypatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseAway("other writers kept the database")

    dara = desk.staff("Dara")
    address = renewal_of(dara.sees("/").text)
    monkeypatch.setattr(open_cases, "due_cases", away)
    assert dara.sees(address, headers=HTMX).status_code == 503


def test_style_and_script_come_compressed_and_are_two_things_to_a_cache(desk: Desk) -> None:
    visitor = desk.visitor()
    for name in ("desk.css", "desk.js", "htmx-2.0.11.min.js"):
        address = f"/static/{name}?v={mark_of(name)}"
        small = visitor.sees(address, headers={"Accept-Encoding": "gzip, br"})
        plain = visitor.sees(address)
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == plain.data == (FOLDER / name).read_bytes()
        assert "Content-Encoding" not in plain.headers
        for answer in (small, plain):
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert small.headers["ETag"] != plain.headers["ETag"]
        again = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]}
        known = visitor.sees(address, headers=again)
        assert (known.status_code, known.data) == (304, b"")
        assert known.headers["Vary"] == "Accept-Encoding"
    refused = visitor.sees(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_page_is_never_compressed_because_its_forms_have_a_secret(desk: Desk) -> None:
    page = desk.staff("Dara").sees("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers
    assert "form_token" in page.text


def test_htmx_may_neither_run_words_nor_keep_pages(desk: Desk) -> None:
    page = desk.staff("Dara").sees("/").text
    told = unescape(re.search(r"name=\"htmx-config\" content='([^']+)'", page)[1])
    for setting in (
        '"allowEval": false',
        '"allowScriptTags": false',
        '"includeIndicatorStyles": false',
        '"selfRequestsOnly": true',
        '"historyCacheSize": 0',
    ):
        assert setting in told


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, words: str, *_: Any) -> None:
        seen.append(words)

    event.listen(Engine, "before_cursor_execute", hear)
    yield seen
    event.remove(Engine, "before_cursor_execute", hear)


def count(visitor: Visitor, path: str) -> int:
    with statements() as seen:
        assert visitor.sees(path).status_code == 200
    return len(seen)


def test_a_page_asks_the_database_as_often_with_five_hundred_cases_as_with_five(
    desk: Desk,
) -> None:
    paths = ("/", "/?whose=mine", "/cases", "/cases?province=01", "/cases?kind=debt&state=closed")
    bopha = desk.staff("Bopha")
    write_down(desk.hotline, Years(5, 3, (1, 2, 3)))
    few = {path: count(bopha, path) for path in paths}
    desk.minutes_pass(1)
    write_down(desk.hotline, Years(500, 200, (1, 2, 3)))
    assert count(bopha, "/") <= MOST_STATEMENTS  # also the click of a minute that is written down
    many = {path: count(bopha, path) for path in paths}
    assert few == many
    assert all(0 < number <= MOST_STATEMENTS for number in many.values()), many


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_ten_thousand_cases_are_gone_through_to_the_end(desk: Desk) -> None:
    write_down(desk.hotline, Years(10_000, 70, (1, 2, 3)))
    dara, seen, path = desk.staff("Dara"), set(), "/"
    while path:
        page = dara.sees(path).text
        found = re.findall(r'id="case-(\w+)"', page)
        assert not seen & set(found)
        seen |= set(found)
        further = re.search(r'href="/desk([^"]+)">Further cases', page)
        path = unescape(further[1]) if further else ""
    assert len(seen) == 70
    last = (desk.time[0] - timedelta(days=100)).date()
    page = dara.sees(f"/cases?state=closed&until={last}")
    assert page.status_code == 200
    assert page.text.count('<li class="closed">') == 20
