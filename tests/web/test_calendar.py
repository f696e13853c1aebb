"""A worker's shifts in their calendar program: the address is the only key, and says little."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from hotline import calendar_addresses
from hotline.content_files import Content
from hotline.logs import set_up_logs
from hotline.storage.calendar_address import calendar_addresses as table
from hotline.storage.database import Database
from hotline.storage.shift import add_shift, shifts
from hotline.storage.staff_member import retire, set_language
from tests.web.desk.desk import Desk, open_desk

DARA, SOPHEA = 1, 2
START = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))
        add_shift(tx, DARA, START, START + timedelta(hours=8))
        add_shift(tx, SOPHEA, START + timedelta(hours=8), START + timedelta(hours=24), 2)
    return desk


def address(desk: Desk, who: int = DARA) -> str:
    with desk.hotline.transaction() as tx:
        whole = calendar_addresses.make_address(desk.hotline, tx, who, "operator")
    return whole.removeprefix("http://localhost")


def test_a_calendar_holds_ones_own_shifts_and_no_other_word(desk: Desk) -> None:
    desk.caller_asks()
    answer = desk.app.test_client().get(address(desk))
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "On call"
    assert (event.start, event.end) == (START, START + timedelta(hours=8))
    assert "Dara" not in answer.text
    assert "case" not in answer.text.lower()


def test_a_calendar_is_in_the_language_of_its_reader(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        set_language(tx, DARA, "km")
    (event,) = Calendar.from_ical(desk.app.test_client().get(address(desk)).data).walk("VEVENT")
    assert event["summary"] == "វេនប្រចាំការ"


def test_an_event_keeps_its_name_from_one_look_to_the_next(desk: Desk) -> None:
    visitor, mine = desk.app.test_client(), address(desk)
    first, second = (Calendar.from_ical(visitor.get(mine).data).walk("VEVENT") for _ in range(2))
    assert [event["uid"] for event in first] == [event["uid"] for event in second]


def test_a_new_address_ends_the_one_before_and_revoking_ends_all(desk: Desk) -> None:
    visitor, old = desk.app.test_client(), address(desk)
    new, other = address(desk), address(desk, SOPHEA)
    assert [visitor.get(one).status_code for one in (old, new, other)] == [404, 200, 200]
    with desk.hotline.transaction() as tx:
        assert calendar_addresses.revoke(desk.hotline, tx, DARA, "operator")
    assert [visitor.get(one).status_code for one in (new, other)] == [404, 200]


def test_who_left_has_no_calendar(desk: Desk) -> None:
    mine = address(desk)
    with desk.hotline.transaction() as tx:
        retire(tx, DARA)
    assert desk.app.test_client().get(mine).status_code == 404


@pytest.mark.parametrize(
    "guess",
    ["", "x.ics", "a" * 43, "A" * 43 + ".ics", "../desk/", "a/b.ics", "%00.ics", "ក" * 43 + ".ics"],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_guess_finds_nothing(desk: Desk, guess: str) -> None:
    answer = desk.app.test_client().get(f"/calendar/{guess}")
    assert answer.status_code == 404
    assert "VCALENDAR" not in answer.text


def test_the_secret_is_kept_nowhere(desk: Desk) -> None:
    token = address(desk).split("/")[-1].removesuffix(".ics")
    with desk.hotline.reading() as tx:
        (row,) = tx.execute(sa.select(table)).all()
    assert len(row.token_hash) == 32
    assert token.encode() not in row.token_hash
    assert token not in json.dumps([str(line) for line in desk.audit()])


def test_an_error_does_not_write_the_address_into_the_log(desk: Desk, monkeypatch) -> None:
    mine, lines = address(desk), io.StringIO()
    set_up_logs(lines)

    def broken(*_: object) -> None:
        raise RuntimeError(f"inside {mine}")

    monkeypatch.setattr("hotline.web.calendar.calendar_at", broken)
    answer = desk.app.test_client().get(mine)
    assert answer.status_code == 503
    assert "calendar_failed" in lines.getvalue()
    assert mine.split("/")[-1] not in lines.getvalue() + answer.text
