"""Who is on call, in which order, and whose phone it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline import staffing
from hotline.content_files import Content
from hotline.storage.database import Database
from hotline.storage.shift import add_shift, shifts
from hotline.storage.staff_member import retire
from tests.web.desk.desk import Desk, open_desk

DARA, SOPHEA, BOPHA = 1, 2, 3
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    """The demo's staff, with an empty rota."""
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))
    return desk


def put_on_call(desk: Desk, *who: tuple[int, float, float, int]) -> None:
    """Each: the staff id, from and until (hours from now), the place on the ladder."""
    with desk.hotline.transaction() as tx:
        for staff_id, start, end, place in who:
            now = desk.time[0]
            add_shift(tx, staff_id, now + start * HOUR, now + end * HOUR, place)


def on_call(desk: Desk, in_hours: float = 0) -> list[int]:
    with desk.hotline.reading() as tx:
        return list(staffing.roster(tx, desk.time[0] + in_hours * HOUR).on_call)


def test_a_shift_begins_with_its_first_moment_and_ends_before_its_last(desk: Desk) -> None:
    put_on_call(desk, (DARA, 0, 8, 1))
    assert on_call(desk, -0.001) == []
    assert on_call(desk, 0) == on_call(desk, 7.999) == [DARA]
    assert on_call(desk, 8) == []


def test_one_shift_follows_the_other_without_a_gap(desk: Desk) -> None:
    put_on_call(desk, (DARA, 0, 8, 1), (SOPHEA, 8, 16, 1))
    assert [on_call(desk, hours) for hours in (7.999, 8)] == [[DARA], [SOPHEA]]


def test_places_say_who_is_paged_first_not_who_came_first(desk: Desk) -> None:
    put_on_call(desk, (DARA, 0, 8, 2), (SOPHEA, 0, 8, 1))
    assert on_call(desk) == [SOPHEA, DARA]


def test_who_has_two_shifts_at_once_is_paged_once_and_in_the_better_place(desk: Desk) -> None:
    put_on_call(desk, (DARA, 0, 8, 3), (SOPHEA, 0, 8, 2), (DARA, 0, 4, 1))
    assert on_call(desk) == [DARA, SOPHEA]
    assert on_call(desk, 5) == [SOPHEA, DARA]


def test_who_has_left_is_not_on_call(desk: Desk) -> None:
    put_on_call(desk, (DARA, 0, 8, 1), (SOPHEA, 0, 8, 2))
    with desk.hotline.transaction() as tx:
        retire(tx, DARA)
    assert on_call(desk) == [SOPHEA]
    with desk.hotline.reading() as tx:
        roster = staffing.roster(tx, desk.time[0])
        assert (roster.supervisors, roster.everyone) == ([BOPHA], [SOPHEA, BOPHA])
        assert staffing.whose_phone(desk.hotline, tx, "+85510111001") is None


def test_only_duty_and_supervisors_are_paged_when_everyone_is(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        staffing.take_on(desk.hotline, tx, "Editor", "+85510111009", "editor")
        roster = staffing.roster(tx, desk.time[0])
    assert (roster.supervisors, roster.everyone) == ([BOPHA], [DARA, SOPHEA, BOPHA])


def test_a_line_without_shifts_has_nobody_on_duty_and_still_somebody_to_page(desk: Desk) -> None:
    with desk.hotline.reading() as tx:
        assert not staffing.is_anyone_on_duty(tx, desk.time[0])
    ref = desk.caller_asks()
    assert [line for line in desk.audit() if line[2] == f"case:{ref}"]
    with desk.hotline.reading() as tx:
        assert staffing.roster(tx, desk.time[0]).supervisors == [BOPHA]


def test_a_phone_is_found_by_its_number_and_kept_sealed(desk: Desk) -> None:
    with desk.hotline.reading() as tx:
        member = staffing.whose_phone(desk.hotline, tx, "+85510111002")
        assert (member.id, member.name) == (SOPHEA, "Sophea")
        assert staffing.phone_of(desk.hotline, member) == "+85510111002"
        assert b"10111002" not in member.phone_sealed
        assert staffing.whose_phone(desk.hotline, tx, "+85510111008") is None
