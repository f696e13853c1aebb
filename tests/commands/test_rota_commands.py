"""The rota from the terminal: what an operator types and reads, and one line for each fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline import commands
from hotline.commands import rota, shifts, staff
from hotline.content_files import Content
from hotline.storage.database import Database
from hotline.storage.shift import shifts as table
from tests.web.desk.desk import Desk, open_desk

Types = Callable[..., str]


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    """The demo's staff at eight on a Sunday morning in Phnom Penh, with an empty rota."""
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    desk.time[0] = datetime(2026, 11, 22, 1, tzinfo=UTC)
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(table))
    return desk


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    for module in (rota, shifts, staff):
        monkeypatch.setattr(module, "open_hotline", lambda: desk.hotline)
    return commands.command_app().test_cli_runner().invoke


@pytest.fixture
def works(run) -> Types:
    def works(*words: str) -> str:
        done = run(args=list(words))
        assert done.exit_code == 0, done.output
        return done.output

    return works


@pytest.fixture
def refused(run) -> Types:
    def refused(*words: str) -> str:
        """The one line that says why."""
        done = run(args=list(words))
        assert done.exit_code != 0, done.output
        told = [line for line in done.output.splitlines() if line.startswith("Error: ")]
        assert len(told) == 1, done.output
        return told[0]

    return refused


def test_from_an_empty_rota_to_a_full_one(works: Types) -> None:
    empty = works("list-rota", "--days", "1")
    assert empty.splitlines() == [
        "Sun 22/11",
        "  00:00-24:00  NOBODY",
        "gap: nobody is on call from Sun 22/11 08:00 until Mon 23/11 00:00",
    ]
    assert "rotation 1 was added" in works("add-rotation", "Dara", "Sophea")
    assert "rotation 2 was added" in works(
        "add-rotation", "Bopha", "--place", "2", "--every", "weekly"
    )
    assert works("make-shifts") == "0 shifts were made\n"
    told = works("list-rota", "--days", "3")
    assert told.splitlines() == [
        "Sun 22/11",
        "  00:00-08:00  NOBODY",
        "  08:00-24:00  Dara, then Bopha",
        "Mon 23/11  Water Festival",
        "  00:00-08:00  Dara, then Bopha",
        "  08:00-24:00  Sophea, then Bopha",
        "Tue 24/11  Water Festival",
        "  00:00-08:00  Sophea, then Bopha",
        "  08:00-24:00  Dara, then Bopha",
        "no gap and no overlap in these 3 days",
        "rotation 1: daily, all days, 08:00-08:00, place 1: Dara, Sophea",
        "rotation 2: weekly from monday, all days, 08:00-08:00, place 2: Bopha",
    ]


def test_gaps_and_overlaps_are_told_in_plain_words(works: Types, desk: Desk) -> None:
    added = works("add-rotation", "Dara", "--from", "08:00", "--until", "17:00")
    assert "gap: nobody is on call from Sun 22/11 17:00 until Mon 23/11 08:00" in added
    assert "more: see `flask list-rota --days 42`" in added
    works("put-on-call", "Sophea", "--hours", "3")
    works("put-on-call", "Dara", "--hours", "2", "--place", "2")
    told = works("list-rota", "--days", "1")
    assert (
        "overlap: Dara and Sophea share place 1 from Sun 22/11 08:00 until Sun 22/11 11:00" in told
    )
    assert "overlap: Dara has places 1 and 2 at once from Sun 22/11 08:00" in told


def test_an_override_from_the_terminal(works: Types) -> None:
    works("add-rotation", "Dara")
    span = ("--from", "2026-11-23 12:00", "--until", "2026-11-23 18:00")
    assert "Sophea has place 1 from Mon 23/11 12:00" in works("override-shift", "Sophea", *span)
    told = works("list-rota", "--from", "2026-11-23", "--days", "1")
    assert "12:00-18:00  Sophea" in told
    assert "18:00-24:00  Dara" in told


def test_a_swap_from_the_terminal(works: Types, refused: Types) -> None:
    works("add-rotation", "Dara")
    span = ("--from", "2026-11-23 08:00", "--until", "2026-11-24 08:00")
    assert "asked" in works("swap", "ask", "Dara", "Sophea", *span)
    waiting = "swap 1: Dara asks Sophea to take Mon 23/11 08:00 until Tue 24/11 08:00, place 1"
    assert waiting in works("list-rota")
    assert "not theirs" in refused("swap", "accept", "Bopha", "1")
    assert "changed hands" in works("swap", "accept", "Sophea", "1")
    assert "answered or withdrawn before" in refused("swap", "refuse", "Sophea", "1")
    assert "08:00-24:00  Sophea" in works("list-rota", "--from", "2026-11-23", "--days", "1")
    assert "not theirs" in refused("swap", "ask", "Bopha", "Dara", *span)
    assert "asked" in works("swap", "ask", "Sophea", "Bopha", *span)
    assert "stays where it is" in works("swap", "refuse", "Bopha", "2")
    works("swap", "ask", "Sophea", "Bopha", *span)
    assert works("swap", "withdraw", "Sophea", "3") == "withdrawn\n"


def test_holidays_from_the_terminal(works: Types, refused: Types) -> None:
    works("add-rotation", "Dara", "--days", "working")
    works("add-rotation", "Sophea", "--days", "off")
    assert "00:00-24:00  Sophea" in works("list-rota", "--from", "2026-11-24", "--days", "1")
    assert "working day" in works("set-holiday", "2026-11-24", "--working")
    told = works("list-rota", "--from", "2026-11-24", "--days", "1")
    assert "08:00-24:00  Dara" in told
    assert "worked" in told
    works("forget-holiday", "2026-11-24")
    assert "nobody has said anything" in refused("forget-holiday", "2026-11-24")
    assert "a holiday" in works("set-holiday", "2026-11-27", "Day of the club")
    assert "NAME is missing" in refused("set-holiday", "2026-11-28")
    assert "longer than 80" in refused("set-holiday", "2026-11-28", "x" * 81)
    assert "in the past" in refused("set-holiday", "2026-11-01", "Gone")


def test_the_address_of_a_calendar_is_printed_once_and_can_be_taken_back(
    works: Types, desk: Desk
) -> None:
    works("add-rotation", "Dara")
    address = works("calendar-address", "Dara").strip()
    found = re.fullmatch(r"http://localhost(/calendar/[A-Za-z0-9_-]{43}\.ics)", address)
    assert found is not None
    visitor = desk.app.test_client()
    assert visitor.get(found[1]).status_code == 200
    assert "nothing now" in works("calendar-address", "Dara", "--revoke")
    assert visitor.get(found[1]).status_code == 404
    assert "no address" in works("calendar-address", "Dara", "--revoke")


def test_an_ended_rotation_and_one_who_leaves(works: Types, refused: Types) -> None:
    works("add-rotation", "Dara", "Sophea")
    works("retire-staff", "Sophea")
    assert "no gap" in works("list-rota")
    assert "(left)" in works("list-rota")
    assert "has ended" in works("end-rotation", "1")
    assert "no rotation 1 goes on" in refused("end-rotation", "1")
    assert "gap: nobody" in works("list-rota")


SPAN = ("--from", "2026-11-23 08:00", "--until", "2026-11-23 18:00")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["add-rotation"], "needs people"),
        (["add-rotation", "Nobody"], "nobody has the name 'Nobody'"),
        (["add-rotation", "Dara", "Dara"], "named twice"),
        (["add-rotation", "Dara", "--zone", "Asia/Nowhere"], "no time zone"),
        (["add-rotation", "Dara", "--zone", "../etc/passwd"], "no time zone"),
        (["add-rotation", "Dara", "--starts", "2020-01-01"], "in the past"),
        (["add-rotation", "Dara", "--starts", "tomorrow"], "no day"),
        (["add-rotation", "Dara", "--from", "8 o'clock"], "no time of day"),
        (["override-shift", "Nobody", *SPAN], "nobody has the name"),
        (["override-shift", "Dara", "--from", "soon", "--until", "later"], "no time"),
        (
            ["override-shift", "Dara", *SPAN[2:], "--from", "2026-11-24 08:00"],
            "later than the start",
        ),
        (["override-shift", "Dara", *SPAN[2:], "--from", "2025-11-23 08:00"], "in the past"),
        (["override-shift", "Dara", *SPAN[:2], "--until", "2027-11-23"], "longer than 31 days"),
        (["swap", "ask", "Dara", "Dara", *SPAN], "themselves"),
        (["swap", "ask", "Dara", "Nobody", *SPAN], "nobody has the name"),
        (["swap", "accept", "Dara", "99"], "not theirs"),
        (["swap", "withdraw", "Dara", "99"], "not theirs"),
        (["calendar-address", "Nobody"], "nobody has the name"),
        (["end-rotation", "9"], "no rotation 9"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_fault_is_one_clear_line(refused: Types, words: list[str], answer: str) -> None:
    assert answer in refused(*words)


def test_two_rotations_in_one_place_and_people_who_are_not_paged(
    works: Types, refused: Types, desk: Desk
) -> None:
    works("add-rotation", "Dara")
    assert "choose another --place" in refused("add-rotation", "Sophea")
    desk.take_on("Editor", "+85510111009", "editor")
    assert "Editor: only duty workers" in refused("add-rotation", "Editor", "--place", "2")
    assert "only duty workers" in refused("override-shift", "Editor", *SPAN)
    assert "only duty workers" in refused("swap", "ask", "Dara", "Editor", *SPAN)
