"""Closed by default: no page without a session, a role and a form of our own."""

from __future__ import annotations

import re
from html import unescape

from hotline.storage.database import DatabaseAway
from hotline.web.desk import account
from hotline.web.desk.entrance import OPEN_TO_ALL
from hotline.web.desk.need_to_know import MAY
from hotline.web.desk.pages import BY_ENDPOINT
from tests.web.desk.desk import MOTHER, Desk

ROLES = sorted(MAY)


def addresses(desk: Desk, ref: str = "K7M4Q"):
    """Every rule under /desk/ with its methods, made into an address."""
    for rule in desk.app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            path = rule.rule.replace("<ref>", ref).replace("<path:rest>", "somewhere")
            path = re.sub(r"<(?:\w+:)?\w+>", "1", path.replace("<path:filename>", "desk.css"))
            yield rule.endpoint, path, rule.methods


def test_every_page_is_closed_to_who_is_not_signed_in(desk: Desk) -> None:
    ref = desk.caller_asks()
    visitor, seen = desk.visitor().client, 0
    for endpoint, path, methods in addresses(desk, ref):
        if endpoint in OPEN_TO_ALL:
            continue
        for method in methods:
            answer = visitor.open(path, method=method, buffered=True)
            assert answer.status_code == 303, f"{method} {path}"
            assert answer.location == "/desk/sign-in"
            assert ref not in answer.text
            seen += 1
    assert seen > 20
    assert {"desk.sign_in", "desk.enter", "desk.static"} == OPEN_TO_ALL


def test_every_button_needs_the_word_of_its_form(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    staff = {name: desk.staff(name) for name in ("Bopha", "Rith")}  # together they may press all
    theirs = re.search(r'form_token" value="(\w+)"', desk.staff("Sophea").sees("/").text)[1]
    seen = 0
    for endpoint, path, methods in addresses(desk, ref):
        if "POST" not in methods or endpoint == "desk.nowhere":
            continue
        page = BY_ENDPOINT[endpoint]
        who = staff["Bopha" if page.needs in MAY["supervisor"] else "Rith"]
        for word in ({}, {"form_token": ""}, {"form_token": theirs}, {"form_token": "ខ្មែរ"}):
            answer = who.client.post(path, data={**word, "outcome": "helped", "note": "x"})
            assert answer.status_code == 400, f"{path} {word}"
            assert "This form is too old" in answer.text
            seen += 1
    assert seen >= 13 * 4
    assert desk.case(ref).state == "claimed"


def test_the_webhooks_of_carriers_are_not_asked_for_a_form(desk: Desk) -> None:
    answer = desk.app.test_client().post("/calls/simulator/incoming", data={"CallSid": "CA1"})
    assert answer.status_code == 403
    assert "X-Twilio-Signature" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_every_answer_tells_the_browser_to_keep_and_run_nothing(desk: Desk) -> None:
    ref = desk.caller_asks()
    bopha, visitor = desk.staff("Bopha"), desk.visitor()
    answers = [bopha.sees(p) for p in ("/", "/account", f"/cases/{ref}", "/nothing", "/cases/x")]
    answers += [visitor.sees("/sign-in"), visitor.sees("/"), visitor.client.post("/desk/sign-in")]
    assert [a.status_code for a in answers] == [200, 200, 200, 404, 404, 200, 303, 400]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_no_page_has_style_or_script_of_its_own(desk: Desk) -> None:
    ref = desk.caller_asks()
    bopha = desk.staff("Bopha")
    for path in ("/", "/account", "/prove", "/passkeys", f"/cases/{ref}"):
        page = bopha.sees(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)", page), path


def test_style_and_font_are_kept_for_a_year_by_an_address_with_their_hash(desk: Desk) -> None:
    visitor = desk.visitor()
    page = visitor.sees("/sign-in").text
    assets = re.findall(r'(?:href|src)="/desk(/static/[^"]+)"', page)
    assert len(assets) >= 4
    for asset in assets:
        answer = visitor.sees(asset.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.sees("/static/desk.css").headers["Cache-Control"] == "no-cache"
    assert visitor.sees("/static/no/%2e%2e/desk.css").status_code in (200, 404)
    for outside in ("/static/../entrance.py", "/static/%2e%2e/entrance.py", "/static/..%2Fcase.py"):
        assert visitor.sees(outside).status_code in (303, 404)


def test_a_first_page_is_small(desk: Desk) -> None:
    """As a browser gets it; the font comes once and is kept (test_transfer.py asks Chromium)."""
    for n in range(50):
        desk.caller_asks(number=f"+855123456{n:02}")
    dara = desk.staff("Dara")
    page = dara.sees("/")
    assets = re.findall(r'(?:href|src)="/desk(/static/[^"]+)"', page.text)
    zipped = {"Accept-Encoding": "gzip"}
    parts = [dara.sees(unescape(asset), headers=zipped) for asset in assets if "woff2" not in asset]
    assert len(parts) >= 4
    assert sum(len(part.data) for part in (page, *parts)) < 50_000


def test_what_is_not_there_says_what_to_do(desk: Desk) -> None:
    dara = desk.staff("Dara")
    for path in ("/nothing", "/cases/ZZZZZ", "/cases/%00", "/cases/" + "K" * 500, "/cases/k7m4q"):
        answer = dara.sees(path)
        assert answer.status_code == 404, path
        assert "Look at the list, or ask your supervisor" in answer.text


def test_an_error_speaks_the_readers_language(desk: Desk) -> None:
    dara = desk.staff("Dara")
    dara.sends("/language", language="km")
    page = dara.sees("/nothing").text
    assert '<html lang="km">' in page
    assert "សូមមើលក្នុងបញ្ជី" in page
    assert "There is" not in page


def test_a_broken_desk_says_that_calls_are_still_answered(desk: Desk, monkeypatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseAway("other writers kept the database")

    dara = desk.staff("Dara")
    monkeypatch.setattr(account.sessions, "going_on", away)
    answer = dara.sees("/account")
    assert answer.status_code == 503
    assert "Calls are still answered" in answer.text


def test_a_fault_of_ours_is_told_without_its_inside(desk: Desk, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"the inside of it {MOTHER}")

    dara = desk.staff("Dara")
    monkeypatch.setattr(account.sessions, "going_on", broken)
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = dara.sees("/account")
    assert answer.status_code == 500
    assert "Something broke here" in answer.text
    assert "inside" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_far_too_large_is_refused(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    answer = desk.staff("Dara").sends(f"/cases/{ref}/notes", note="x" * 300_000)
    assert answer.status_code == 413
    assert "make the text shorter" in answer.text
