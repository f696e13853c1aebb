"""People taking turns: by day, by week, on working days, under summer time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.rota import doubles, gaps
from hotline.core.rotation import DAYS, EVERY, Holidays, Rotation, shifts_of

DARA, SOPHEA, BOPHA = 1, 2, 3
MONDAY = date(2026, 11, 23)
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
DAY = timedelta(days=1)


def moment(day: date, hour: int = 8, zone: ZoneInfo = PHNOM_PENH) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def turns(rotation: Rotation, days: int, holidays: Holidays = Holidays()) -> list[tuple]:  # noqa: B008
    made = shifts_of(rotation, moment(MONDAY), moment(MONDAY + days * DAY), holidays)
    return [(shift.staff_id, shift.starts_at, shift.ends_at) for shift in made]


def test_day_by_day_in_order() -> None:
    rotation = Rotation((DARA, SOPHEA), "daily", MONDAY)
    assert turns(rotation, 3) == [
        (DARA, moment(MONDAY), moment(MONDAY + DAY)),
        (SOPHEA, moment(MONDAY + DAY), moment(MONDAY + 2 * DAY)),
        (DARA, moment(MONDAY + 2 * DAY), moment(MONDAY + 3 * DAY)),
    ]


def test_week_by_week_is_one_shift_a_week() -> None:
    rotation = Rotation((DARA, SOPHEA), "weekly", MONDAY)
    assert turns(rotation, 14) == [
        (DARA, moment(MONDAY), moment(MONDAY + 7 * DAY)),
        (SOPHEA, moment(MONDAY + 7 * DAY), moment(MONDAY + 14 * DAY)),
    ]


def test_a_week_may_begin_on_any_day_and_the_first_may_be_short() -> None:
    rotation = Rotation((DARA, SOPHEA), "weekly", MONDAY, weekday=4)
    friday = MONDAY + 4 * DAY
    assert turns(rotation, 11) == [
        (DARA, moment(MONDAY), moment(friday)),
        (SOPHEA, moment(friday), moment(friday + 7 * DAY)),
    ]


def test_office_hours_end_on_the_same_day_and_nights_on_the_next() -> None:
    office = Rotation((DARA,), "daily", MONDAY, time(8), time(17))
    night = Rotation((DARA,), "daily", MONDAY, time(17), time(8))
    assert turns(office, 1) == [(DARA, moment(MONDAY), moment(MONDAY, 17))]
    assert turns(night, 1) == [(DARA, moment(MONDAY, 17), moment(MONDAY + DAY))]


def test_a_holiday_is_skipped_and_nobody_is_passed_over() -> None:
    rotation = Rotation((DARA, SOPHEA, BOPHA), "daily", MONDAY, days="working")
    tuesday = Holidays(off=frozenset({MONDAY + DAY}))
    people = [(who, (start - moment(MONDAY)).days) for who, start, _ in turns(rotation, 8, tuesday)]
    assert people == [(DARA, 0), (SOPHEA, 2), (BOPHA, 3), (DARA, 4), (SOPHEA, 7)]


def test_a_weekend_may_be_worked_and_days_off_are_the_rest() -> None:
    saturday = MONDAY + 5 * DAY
    holidays = Holidays(off=frozenset({MONDAY, saturday}), working=frozenset({saturday}))
    rotation = Rotation((DARA,), "daily", MONDAY, days="off")
    days = [(start - moment(MONDAY)).days for _, start, _ in turns(rotation, 7, holidays)]
    assert days == [0, 6]


def test_the_turn_of_who_left_goes_to_the_next_and_the_others_keep_theirs() -> None:
    rotation = Rotation((DARA, SOPHEA, BOPHA), "daily", MONDAY, left=frozenset({SOPHEA}))
    assert [who for who, _, _ in turns(rotation, 6)] == [DARA, BOPHA, BOPHA] * 2
    assert turns(Rotation((DARA,), "daily", MONDAY, left=frozenset({DARA})), 6) == []


def test_who_lives_elsewhere_hands_over_by_their_own_clock() -> None:
    rotation = Rotation((DARA,), "daily", date(2026, 3, 28), zone="Europe/Paris")
    made = shifts_of(rotation, *(datetime(2026, 3, day, 12, tzinfo=UTC) for day in (28, 30)))
    assert [shift.starts_at.hour for shift in made] == [7, 6, 6]  # summer time began on the 29th
    assert [shift.ends_at - shift.starts_at for shift in made] == [
        timedelta(hours=hours) for hours in (23, 24, 24)
    ]


ZONES = ("Asia/Phnom_Penh", "Europe/Paris", "America/New_York", "Australia/Lord_Howe")
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
rotations = st.builds(
    Rotation,
    people=st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True).map(tuple),
    every=st.sampled_from(EVERY),
    starts_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    from_time=clock_times,
    until_time=clock_times,
    weekday=st.integers(0, 6),
    days=st.sampled_from(DAYS),
    zone=st.sampled_from(ZONES),
)
windows = st.builds(
    lambda day, hours, length: (
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hours),
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day + length, hours=hours),
    ),
    st.integers(-30, 500), st.integers(0, 23), st.integers(0, 60),
)  # fmt: skip
calendars = st.builds(
    Holidays,
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5),
)


@given(rotations, windows, calendars)
def test_nobody_stands_twice_in_one_place(rotation, window, calendar) -> None:
    made = shifts_of(rotation, *window, calendar)
    assert doubles(made) == ()
    assert all(shift.starts_at < shift.ends_at for shift in made)
    assert all(shift.starts_at.tzinfo is UTC for shift in made)


@given(rotations, windows, windows, calendars)
def test_a_shift_is_the_same_however_one_looks_at_it(rotation, window, other, calendar) -> None:
    """So generating ahead, again and again, never makes a second shift of one turn."""
    whole = (min(window[0], other[0]), max(window[1], other[1]))
    everything = shifts_of(rotation, *whole, calendar)
    seen = [shift for shift in everything if shift.meets(*window)]
    assert list(shifts_of(rotation, *window, calendar)) == seen


@given(rotations, windows, calendars)
def test_working_days_and_days_off_make_all_days(rotation, window, calendar) -> None:
    """Around the clock, in every zone, through every summer time: without a gap or a double."""
    both = [
        shift
        for days in ("working", "off")
        for shift in shifts_of(
            replace(rotation, days=days, until_time=rotation.from_time), *window, calendar
        )
    ]
    first = datetime.combine(rotation.starts_on, rotation.from_time, ZoneInfo(rotation.zone))
    assert doubles(both) == ()
    covered = max(window[0], first.astimezone(UTC))
    assert covered >= window[1] or gaps(both, covered, window[1]) == ()


@given(rotations, calendars)
def test_everybody_gets_their_turn(rotation, calendar) -> None:
    start = datetime.combine(rotation.starts_on, time(), UTC)
    weeks = len(rotation.people) + 2
    made = shifts_of(rotation, start, start + timedelta(weeks=weeks * 2), calendar)
    assert {shift.staff_id for shift in made} == set(rotation.people)
