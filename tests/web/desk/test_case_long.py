"""A case with a long story: as many questions as a short one, readable, a stretch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert

from hotline.storage.attempt import attempts
from hotline.storage.case import case_events, case_keys
from hotline.told import box_of
from tests.web.desk.desk import Desk

WAVE = b"RIFF" + bytes(range(256)) * 40
MOST = 15


@pytest.fixture
def asked() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_c, _cursor, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    yield statements
    event.remove(Engine, "before_cursor_execute", count)


def a_case(desk: Desk, events: int, name: str = "Sophea") -> str:
    """With notes and attempts by turns, a page, a voice message and all that is written down."""
    ref = desk.caller_asks(number=f"+8551234{events:04d}", notes={"under_18": "yes"})
    desk.takes_by_text(name, ref)
    desk.caller_speaks(ref, (WAVE))
    case = desk.case(ref)
    with desk.hotline.transaction() as tx:
        box = box_of(desk.hotline, tx, case.id)
        rows, tries = [], []
        for n in range(events):
            at = desk.hotline.now() + timedelta(seconds=n)
            about = {"case_id": case.id, "at": at, "staff_id": 2}
            words = box.encrypt(f"words {n} ".encode(), "event" if n % 2 else "attempt")
            what = "note" if n % 2 else "attempt"
            code = None if n % 2 else "busy"
            rows.append(
                about | {"what": what, "code": code, "text_sealed": words if n % 2 else None}
            )
            if not n % 2:
                tries.append(about | {"outcome": "busy", "note_sealed": words})
        tx.execute(insert(case_events), rows)
        tx.execute(insert(attempts), tries)
    return ref


def test_a_long_story_asks_no_more_than_a_short_one(desk: Desk, asked: list[str]) -> None:
    short, long = a_case(desk, 5), a_case(desk, 500)
    counts = []
    for ref in (short, long):
        for name in ("Sophea", "Bopha"):
            visitor = desk.staff(name)
            desk.minutes_pass(2)  # so that the visit is noted as well
            asked.clear()
            assert "What happened" in visitor.reads(f"/cases/{ref}")
            counts.append(len(asked))
    # The alert at the beginning of the long one is not on the page any more.
    assert [count + 1 for count in counts[2:]] == counts[:2]
    assert max(counts) <= MOST


def test_the_newest_stands_at_the_end_and_what_was_before_behind_a_link(desk: Desk) -> None:
    ref, sophea = a_case(desk, 100), desk.staff("Sophea")
    page = sophea.sees(f"/cases/{ref}").text
    assert len(page) < 60_000
    assert [f"words {n} " in page for n in (99, 98, 60, 59, 0)] == [True, True, True, False, False]
    assert page.index("words 60 ") < page.index("words 99 ")
    assert "What came after" not in page
    link = re.search(rf'href="(/desk/cases/{ref}\?part=2#time)"', page)
    assert link
    older = sophea.sees(f"/cases/{ref}?part=2").text
    assert [f"words {n} " in older for n in (60, 59, 20, 19)] == [False, True, True, False]
    assert f'href="/desk/cases/{ref}?part=1#time"' in older
    oldest = sophea.reads(f"/cases/{ref}?part=3")
    assert "The caller asked for help" in oldest
    assert "What was before" not in oldest


def test_every_note_stands_beside_its_own_call(desk: Desk) -> None:
    ref = a_case(desk, 10)
    page = desk.staff("Sophea").reads(f"/cases/{ref}")
    told = re.findall(r"words (\d+)", page)
    assert told == [str(n) for n in range(10)]


@pytest.mark.parametrize("part", ["0", "-1", "x", "1000", "999", "9" * 40, "<b>", "២"])
def test_nonsense_in_the_address_shows_a_page_all_the_same(desk: Desk, part: str) -> None:
    ref = a_case(desk, 3)
    assert desk.staff("Sophea").sees(f"/cases/{ref}?part={part}").status_code == 200


@pytest.mark.parametrize("part", [1, 2])
def test_of_a_forgotten_case_the_times_remain(desk: Desk, part: int) -> None:
    ref = a_case(desk, 60)
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    for name in ("Sophea", "Bopha", "Dara"):
        visitor = desk.staff(name)
        page = visitor.reads(f"/cases/{ref}?part={part}")
        assert "What the caller said was deleted" in page
        assert "words" not in page
        assert "Show the number" not in page
    for path in ("notes", "attempts", "priority", "number"):
        fields = {"outcome": "busy", "note": "x", "version": "3"}
        answer = desk.staff("Sophea").sends(f"/cases/{ref}/{path}", f"/cases/{ref}", **fields)
        assert answer.status_code == 404, path


def test_a_forgotten_case_can_be_closed(desk: Desk) -> None:
    ref = a_case(desk, 2)
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    fields = {"outcome": "not_a_case", "version": str(desk.case(ref).version), "note": "x"}
    answer = desk.staff("Sophea").sends(f"/cases/{ref}/close", f"/cases/{ref}", **fields)
    assert answer.status_code == 303
    assert desk.case(ref).state == "closed"
