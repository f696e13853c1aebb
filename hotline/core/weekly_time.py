"""A time of the week, as a setting writes it ("wed 10:00"), and when it came round last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WRITTEN = re.compile(r"([a-z]{3}) ([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """`day` counts from Monday, 0."""

    day: int
    hour: int
    minute: int


def read_weekly_time(written: str) -> WeeklyTime | None:
    """None for "off". Raises ValueError for what is neither."""
    written = written.strip().lower()
    if written == "off":
        return None
    found = _WRITTEN.fullmatch(written)
    if found is None or found[1] not in DAYS:
        raise ValueError("write a day and a time, such as wed 10:00, or off")
    return WeeklyTime(DAYS.index(found[1]), int(found[2]), int(found[3]))


def last_time(weekly: WeeklyTime, now: datetime, zone: str) -> datetime:
    """When it was this time of the week last, in UTC; `now` itself counts."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() - timedelta(days=(here.weekday() - weekly.day) % 7)
    at = datetime(day.year, day.month, day.day, weekly.hour, weekly.minute, tzinfo=ZoneInfo(zone))
    if at > here:
        at -= timedelta(days=7)
    return at.astimezone(UTC)
