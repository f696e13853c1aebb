"""The rota at work: made ahead, changed by people, watched over; each change told by text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from hotline import audit, letting_go, rota, rota_watch, staffing, swaps
from hotline.content_files import Content
from hotline.core.rota import HAND, Shift, doubles, gaps
from hotline.core.rotation import Rotation
from hotline.days_off import holidays_between, named_days
from hotline.rota import RotaFault
from hotline.storage import shift_swap
from hotline.storage.database import Database, Transaction
from hotline.storage.outbox_item import outbox
from hotline.storage.shift import add_shift, hold_rota, list_shifts, shifts, staff_on_call
from hotline.storage.staff_member import find_staff_by_name, retire
from hotline.swaps import Swapped
from tests.web.desk.desk import Desk, open_desk

DARA, SOPHEA, BOPHA = 1, 2, 3
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = date(2026, 11, 22)
BOSS = f"staff:{BOPHA}"


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    """The demo's staff at eight on a Sunday morning, with an empty rota."""
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    desk.time[0] = at(0)
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))
    return desk


def at(days: float, hours: float = 0) -> datetime:
    return datetime(2026, 11, 22, 1, tzinfo=UTC) + days * DAY + hours * HOUR


def rotate(desk: Desk, *people: int, **more) -> int | RotaFault:
    more = {"every": "daily", "starts_on": SUNDAY, **more}
    with desk.hotline.transaction() as tx:
        return rota.add_rotation(desk.hotline, tx, Rotation(people, **more), BOSS)


def make(desk: Desk) -> int:
    with desk.hotline.transaction() as tx:
        return rota.make_shifts(desk.hotline, tx)


def override(desk: Desk, who: int, start: datetime, end: datetime, place: int = 1):
    with desk.hotline.transaction() as tx:
        return rota.override(desk.hotline, tx, who, start, end, place, BOSS)


def planned(desk: Desk, days: float = 60) -> list[Shift]:
    with desk.hotline.reading() as tx:
        found = list_shifts(tx, desk.time[0], desk.time[0] + days * DAY)
    return sorted(found, key=lambda shift: shift.starts_at)


def people(desk: Desk, days: int) -> list[tuple[int, ...]]:
    """Who is on call at noon of each day."""
    with desk.hotline.reading() as tx:
        return [tuple(staff_on_call(tx, at(day, 4))) for day in range(days)]


def texts(desk: Desk) -> list[tuple[int, str]]:
    """Every text put so far: to whom, which."""
    with desk.hotline.reading() as tx:
        rows = tx.execute(sa.select(outbox.c.staff_id, outbox.c.prompt).order_by(outbox.c.id))
        return [(row.staff_id, row.prompt) for row in rows]


# ------------------------------------------------------------------ made ahead


def test_a_rotation_makes_the_shifts_of_six_weeks(desk: Desk) -> None:
    assert rotate(desk, DARA, SOPHEA) == 1
    made = planned(desk)
    assert len(made) == 42
    assert [shift.staff_id for shift in made[:4]] == [DARA, SOPHEA, DARA, SOPHEA]
    assert gaps(made, desk.time[0], at(42)) == ()
    with desk.hotline.reading() as tx:
        assert staffing.roster(tx, at(1, 2)).on_call == [SOPHEA]


def test_making_again_makes_nothing_and_the_next_day_makes_one(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    assert make(desk) == 0
    desk.minutes_pass(24 * 60)
    assert make(desk) == 1
    assert make(desk) == 0


def test_two_who_make_at_once_make_each_shift_once(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    desk.minutes_pass(7 * 24 * 60)
    both = [Thread(target=make, args=(desk,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert doubles(planned(desk)) == ()
    assert len(planned(desk)) == 42


def test_a_line_that_slept_a_month_has_somebody_on_call_at_once(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    desk.time[0] = at(90, 3)
    make(desk)
    assert gaps(planned(desk), desk.time[0], desk.time[0] + 42 * DAY) == ()


def test_an_override_survives_the_making_of_shifts(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    assert override(desk, BOPHA, at(1, 6), at(3)) is None
    assert make(desk) == 0
    assert people(desk, 5) == [(DARA,), (SOPHEA,), (BOPHA,), (SOPHEA,), (DARA,)]
    with desk.hotline.reading() as tx:
        assert staff_on_call(tx, at(1, 7)) == [BOPHA]
    assert doubles(planned(desk)) == ()


def test_the_turns_of_who_leaves_go_to_the_next(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA, BOPHA)
    with desk.hotline.transaction() as tx:
        retire(tx, SOPHEA)
    make(desk)
    assert people(desk, 6) == [(DARA,), (BOPHA,), (BOPHA,), (DARA,), (BOPHA,), (BOPHA,)]


def test_two_rotations_may_not_stand_in_one_place(desk: Desk) -> None:
    rotate(desk, DARA, days="working")
    assert rotate(desk, SOPHEA, days="all") is RotaFault.OVERLAPS
    assert isinstance(rotate(desk, SOPHEA, days="off"), int)
    assert isinstance(rotate(desk, BOPHA, every="weekly", place=2), int)
    assert doubles(planned(desk)) == ()


def test_a_rotation_of_nobody_or_of_yesterday_is_refused(desk: Desk) -> None:
    assert rotate(desk) is RotaFault.NOBODY
    assert rotate(desk, DARA, starts_on=date(2025, 1, 1)) is RotaFault.IN_THE_PAST
    assert planned(desk) == []


def test_an_ended_rotation_leaves_what_has_begun_and_what_people_decided(desk: Desk) -> None:
    number = rotate(desk, DARA, SOPHEA)
    override(desk, BOPHA, at(2), at(3))
    with desk.hotline.transaction() as tx:
        assert rota.end_rotation(desk.hotline, tx, number, BOSS)
        assert not rota.end_rotation(desk.hotline, tx, number, BOSS)
    assert people(desk, 4) == [(DARA,), (), (BOPHA,), ()]
    assert make(desk) == 0


# ------------------------------------------------------------------ holidays


def test_the_library_knows_the_holidays_and_the_supervisor_knows_better(desk: Desk) -> None:
    festival, monday = date(2026, 11, 24), date(2026, 11, 30)
    with desk.hotline.transaction() as tx:
        rota.set_day(desk.hotline, tx, festival, "", False, BOSS)
        rota.set_day(desk.hotline, tx, monday, "Day of the club", True, BOSS)
        known = holidays_between(tx, SUNDAY, date(2026, 12, 5))
        names = {found.day: found.name for found in named_days(tx, SUNDAY, SUNDAY + 9 * DAY, "km")}
    assert [known.is_day_off(SUNDAY + n * DAY) for n in range(9)] == [
        True, True, False, True, False, False, True, True, True,
    ]  # fmt: skip
    assert names[monday] == "Day of the club"
    assert "បុណ្យអុំទូក" in names[date(2026, 11, 23)]


def test_a_day_that_becomes_a_holiday_moves_its_shift_to_the_other_rotation(desk: Desk) -> None:
    rotate(desk, DARA, days="working")
    rotate(desk, SOPHEA, days="off")
    friday = SUNDAY + 5 * DAY
    assert people(desk, 6)[5] == (DARA,)
    with desk.hotline.transaction() as tx:
        rota.set_day(desk.hotline, tx, friday, "New holiday", True, BOSS)
    assert people(desk, 6)[5] == (SOPHEA,)
    assert gaps(planned(desk), desk.time[0], at(41)) == ()
    with desk.hotline.transaction() as tx:
        assert rota.forget_day(desk.hotline, tx, friday, BOSS)
        assert not rota.forget_day(desk.hotline, tx, friday, BOSS)
    assert people(desk, 6)[5] == (DARA,)


# ------------------------------------------------------------------ overrides


def test_an_override_is_told_to_who_gains_and_to_who_loses(desk: Desk) -> None:
    rotate(desk, DARA, place=1)
    rotate(desk, BOPHA, place=2)
    override(desk, SOPHEA, at(1), at(2))
    assert texts(desk) == [(DARA, "STAFF_ROTA_CHANGED"), (SOPHEA, "STAFF_ROTA_CHANGED")]
    assert people(desk, 2) == [(DARA, BOPHA), (SOPHEA, BOPHA)]
    assert ("staff:3", "rota_override", "staff:2") in desk.audit()


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (at(2), at(1), RotaFault.ENDS_BEFORE_START),
        (at(1), at(1), RotaFault.ENDS_BEFORE_START),
        (at(-2), at(-1), RotaFault.IN_THE_PAST),
        (at(-2), at(1), RotaFault.IN_THE_PAST),
        (at(1), at(40), RotaFault.TOO_LONG),
    ],
)
def test_times_that_make_no_sense_change_nothing(desk: Desk, start, end, fault) -> None:
    rotate(desk, DARA)
    before = planned(desk)
    assert override(desk, SOPHEA, start, end) is fault
    assert planned(desk) == before


def test_an_override_from_a_moment_ago_begins_now(desk: Desk) -> None:
    rotate(desk, DARA)
    desk.minutes_pass(90)
    assert override(desk, SOPHEA, at(0, 1), at(0, 5)) is None
    began = [(shift.staff_id, shift.starts_at) for shift in planned(desk)[:2]]
    assert began == [(SOPHEA, at(0, 1.5)), (DARA, at(0, 5))]


def test_who_is_never_paged_cannot_be_put_on_call(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        editor = staffing.take_on(desk.hotline, tx, "Editor", "+85510111009", "editor")
    assert override(desk, editor, at(1), at(2)) is RotaFault.NOT_PAGED


# ------------------------------------------------------------------ swaps


def ask(desk: Desk, who: int, other: str, start: datetime, end: datetime, place: int = 1):
    with desk.hotline.transaction() as tx:
        member = find_staff_by_name(tx, other)
        return swaps.ask(desk.hotline, tx, who, member, swaps.Part(start, end, place))


def answer(desk: Desk, who: int, accepts: bool, swap: int = 1):
    with desk.hotline.transaction() as tx:
        return swaps.answer(desk.hotline, tx, who, swap, accepts=accepts)


def test_a_shift_stays_with_who_asks_until_the_colleague_accepts(desk: Desk) -> None:
    rotate(desk, DARA)
    assert ask(desk, DARA, "Sophea", at(1), at(2)) is Swapped.ASKED
    assert people(desk, 2) == [(DARA,), (DARA,)]
    assert answer(desk, BOPHA, True) is Swapped.NOT_YOURS
    assert answer(desk, SOPHEA, True) is Swapped.ACCEPTED
    assert people(desk, 3) == [(DARA,), (SOPHEA,), (DARA,)]
    assert texts(desk) == [(SOPHEA, "STAFF_SWAP_ASKED"), (DARA, "STAFF_ROTA_CHANGED")]
    assert answer(desk, SOPHEA, False) is Swapped.OVER
    assert make(desk) == 0
    assert people(desk, 3) == [(DARA,), (SOPHEA,), (DARA,)]


def test_a_refusal_is_told_and_changes_nothing(desk: Desk) -> None:
    rotate(desk, DARA)
    ask(desk, DARA, "Sophea", at(1), at(2))
    assert answer(desk, SOPHEA, False) is Swapped.REFUSED
    assert people(desk, 2) == [(DARA,), (DARA,)]
    assert texts(desk)[-1] == (DARA, "STAFF_SWAP_REFUSED")
    assert ask(desk, DARA, "Sophea", at(1), at(2)) is Swapped.ASKED  # one may ask again


def test_who_asked_may_withdraw_it(desk: Desk) -> None:
    rotate(desk, DARA)
    ask(desk, DARA, "Sophea", at(1), at(2))
    with desk.hotline.transaction() as tx:
        assert swaps.withdraw(desk.hotline, tx, SOPHEA, 1) is Swapped.NOT_YOURS
        assert swaps.withdraw(desk.hotline, tx, DARA, 1) is Swapped.WITHDRAWN
        assert swaps.withdraw(desk.hotline, tx, DARA, 1) is Swapped.OVER
    assert answer(desk, SOPHEA, True) is Swapped.OVER


def while_somebody_changes_the_rota(desk: Desk, act: Callable[[Transaction], object]) -> object:
    """What comes of `act` that begins in the middle of another change; both must be done."""
    came: list[object] = []

    def run() -> None:
        with desk.hotline.transaction() as tx:
            came.append(act(tx))

    other = Thread(target=run)
    with desk.hotline.transaction() as tx:
        hold_rota(tx)
        other.start()
        other.join(0.3)
        shift_swap.end_swap(tx, 1, shift_swap.ACCEPTED, desk.hotline.now())
        audit.note(tx, desk.hotline.now(), BOSS, "rota_override", "staff:1")
    other.join(10)
    assert len(came) == 1, "two who waited for each other"
    return came[0]


def test_who_withdraws_while_it_is_accepted_hears_that_it_is(desk: Desk) -> None:
    rotate(desk, DARA)
    ask(desk, DARA, "Sophea", at(1), at(2))
    came = while_somebody_changes_the_rota(
        desk, lambda tx: swaps.withdraw(desk.hotline, tx, DARA, 1)
    )
    assert came is Swapped.OVER


@pytest.mark.parametrize("leave", [letting_go.revoke_phone, letting_go.let_go])
def test_a_phone_is_revoked_also_while_the_rota_is_changed(desk: Desk, leave) -> None:
    rotate(desk, DARA)
    ask(desk, DARA, "Sophea", at(1), at(2))
    while_somebody_changes_the_rota(desk, lambda tx: leave(desk.hotline, tx, DARA, BOSS))
    assert people(desk, 2) == [(), ()]
    assert (SOPHEA, "STAFF_SWAP_REFUSED") not in texts(desk)


def test_what_cannot_be_asked(desk: Desk) -> None:
    rotate(desk, DARA)
    assert ask(desk, SOPHEA, "Bopha", at(1), at(2)) is Swapped.NOT_YOURS
    assert ask(desk, DARA, "Sophea", at(1), at(2), place=2) is Swapped.NOT_YOURS
    assert ask(desk, DARA, "Dara", at(1), at(2)) is Swapped.ONESELF
    assert ask(desk, DARA, "Sophea", at(-2), at(-1)) is Swapped.IN_THE_PAST
    assert ask(desk, DARA, "Sophea", at(2), at(1)) is Swapped.IN_THE_PAST
    assert ask(desk, DARA, "Sophea", at(1), at(2)) is Swapped.ASKED
    assert ask(desk, DARA, "Bopha", at(1, 5), at(1, 6)) is Swapped.ASKED_ALREADY


def test_a_swap_of_a_shift_that_was_given_away_meanwhile_is_void(desk: Desk) -> None:
    rotate(desk, DARA)
    ask(desk, DARA, "Sophea", at(1), at(2))
    override(desk, BOPHA, at(1), at(1, 2))
    assert answer(desk, SOPHEA, True) is Swapped.CHANGED
    assert people(desk, 2)[1] == (DARA,)


# ------------------------------------------------------------------ watched over


def watch(desk: Desk) -> list[tuple[int, str]]:
    """The texts of one look at the rota."""
    before = len(texts(desk))
    rota_watch.watch_rota(desk.hotline)
    return texts(desk)[before:]


def test_who_begins_is_told_once_and_not_at_every_seam(desk: Desk) -> None:
    rotate(desk, DARA, DARA, SOPHEA)
    assert watch(desk) == [(DARA, "STAFF_SHIFT_STARTS")]
    assert watch(desk) == []
    desk.time[0] = at(1)
    assert watch(desk) == []
    desk.time[0] = at(2, 0.01)
    assert watch(desk) == [(SOPHEA, "STAFF_SHIFT_STARTS")]


def test_a_start_that_was_missed_long_ago_is_not_told(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    desk.time[0] = at(1, 2)
    assert watch(desk) == []


def test_supervisors_are_warned_of_a_gap_a_day_ahead_and_once(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        add_shift(tx, DARA, at(-1), at(1, 6))
        add_shift(tx, SOPHEA, at(1, 7), at(9))
    assert watch(desk) == []
    desk.time[0] = at(0, 7)
    assert watch(desk) == [(BOPHA, "STAFF_GAP")]
    for hours in (8, 20, 30.5):
        desk.time[0] = at(0, hours)
        assert watch(desk) == []


def test_a_gap_made_today_is_told_although_one_later_was_told_before(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        add_shift(tx, DARA, at(-1), at(0, 20))
    assert watch(desk) == [(BOPHA, "STAFF_GAP")]
    with desk.hotline.transaction() as tx:
        tx.execute(sa.update(shifts).values(ends_at=at(0, 5)))
    desk.minutes_pass(11)
    assert watch(desk) == [(BOPHA, "STAFF_GAP")]


def test_a_gap_torn_by_one_who_left_is_told_at_once(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        add_shift(tx, DARA, at(-1), at(9))
    assert watch(desk) == []
    with desk.hotline.transaction() as tx:
        retire(tx, DARA)
    desk.minutes_pass(11)
    assert watch(desk) == [(BOPHA, "STAFF_GAP")]
    desk.minutes_pass(11)
    assert watch(desk) == []


def test_a_line_that_never_had_a_rota_warns_at_the_desk_only(desk: Desk) -> None:
    assert watch(desk) == []


def test_shifts_are_made_ahead_twice_a_day(desk: Desk) -> None:
    rotate(desk, DARA, SOPHEA)
    assert not rota_watch.make_ahead(desk.hotline)
    desk.time[0] = at(1)
    assert rota_watch.make_ahead(desk.hotline)
    assert not rota_watch.make_ahead(desk.hotline)


def test_a_handover_by_night_hours_leaves_no_gap(desk: Desk) -> None:
    rotate(desk, DARA, from_time=time(8), until_time=time(17))
    rotate(desk, SOPHEA, from_time=time(17), until_time=time(8))
    assert gaps(planned(desk), desk.time[0], at(41)) == ()
    assert doubles(planned(desk)) == ()


def test_shifts_made_by_hand_stay_and_are_no_business_of_a_rotation(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        add_shift(tx, BOPHA, at(0), at(3), 3)
    rotate(desk, DARA)
    by_hand = [shift for shift in planned(desk) if shift.source == HAND]
    assert [replace(shift, id=None) for shift in by_hand] == [Shift(BOPHA, at(0), at(3), 3)]
