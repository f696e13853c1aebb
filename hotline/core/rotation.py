"""A rotation: people taking turns by day or by week. It only proposes shifts, ahead of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.core.rota import ROTATION, Shift

DAILY, WEEKLY = "daily", "weekly"
EVERY = (DAILY, WEEKLY)
ALL_DAYS, WORKING_DAYS, DAYS_OFF = "all", "working", "off"
DAYS = (ALL_DAYS, WORKING_DAYS, DAYS_OFF)
ZONE = "Asia/Phnom_Penh"

_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST = timedelta(days=9)  # a week, its last night and a summer time


@dataclass(frozen=True, slots=True)
class Holidays:
    """`off`: holidays. `working`: days that are worked although weekend or holiday; they win."""

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_day_off(self, day: date) -> bool:
        return day not in self.working and (day.weekday() >= _SATURDAY or day in self.off)


NO_HOLIDAYS = Holidays()


@dataclass(frozen=True, slots=True)
class Rotation:
    """`people` in order, handing over every day or week.

    A day's watch begins at `from_time` by the clocks of `zone` and ends at `until_time`, on the
    next day where that is not later. A week begins on `weekday` (0 is Monday). The turn of who
    has `left` goes to the next in order.
    """

    people: tuple[int, ...]
    every: str
    starts_on: date
    from_time: time = time(8)
    until_time: time = time(8)
    weekday: int = 0
    days: str = ALL_DAYS
    zone: str = ZONE
    place: int = 1
    id: int | None = None
    left: frozenset[int] = frozenset()


def shifts_of(
    rotation: Rotation, starts_at: datetime, ends_at: datetime, holidays: Holidays = NO_HOLIDAYS
) -> tuple[Shift, ...]:
    """Every shift that has a part between two moments, whole, in order of time.

    Turns are counted by the days that are watched, so that nobody is passed over because their
    day was a holiday.
    """
    shifts: list[Shift] = []
    last_turn = -1
    for turn, day in _turns(rotation, ends_at, holidays):
        if datetime.combine(day, time(), UTC) < starts_at - _LONGEST:
            continue
        shift = _shift_of(rotation, turn, day)
        if shift is None:
            continue
        if turn == last_turn and shifts[-1].ends_at == shift.starts_at:
            shift = replace(shift, starts_at=shifts.pop().starts_at)
        shifts.append(shift)
        last_turn = turn
    return tuple(shift for shift in shifts if shift.meets(starts_at, ends_at))


def _turns(rotation: Rotation, ends_at: datetime, holidays: Holidays) -> Iterator[tuple[int, date]]:
    """Whose turn it is on each day that is watched, up to a week past `ends_at`."""
    last = ends_at.date() + _LONGEST
    into_the_week = (rotation.starts_on.weekday() - rotation.weekday) % 7
    watched = 0
    for number in range((last - rotation.starts_on).days + 1):
        day = rotation.starts_on + number * _DAY
        if not _is_watched(rotation.days, holidays.is_day_off(day)):
            continue
        yield (into_the_week + number) // 7 if rotation.every == WEEKLY else watched, day
        watched += 1


def _is_watched(days: str, is_day_off: bool) -> bool:
    return days == ALL_DAYS or (days == DAYS_OFF) == is_day_off


def _shift_of(rotation: Rotation, turn: int, day: date) -> Shift | None:
    """None where everybody has left, or where summer time swallows the watch."""
    people = len(rotation.people)
    in_order = (rotation.people[(turn + step) % people] for step in range(people))
    person = next((one for one in in_order if one not in rotation.left), None)
    ends_on = day if rotation.until_time > rotation.from_time else day + _DAY
    starts_at = _moment(day, rotation.from_time, rotation.zone)
    ends_at = _moment(ends_on, rotation.until_time, rotation.zone)
    if person is None or ends_at <= starts_at:
        return None
    return Shift(person, starts_at, ends_at, rotation.place, ROTATION, rotation.id)


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
