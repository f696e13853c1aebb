"""How and when a staff member may be disturbed: ways, quiet hours, and how often is too often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SMS, VOICE, BOTH = "sms", "voice", "both"
QUIET_FROM, QUIET_TO = "21:00", "07:00"
"""The house's quiet hours, for who has set none."""

LONGEST_QUIET = timedelta(hours=14)
"""Whoever is quiet for longer could hardly be told of anything."""

DAY_AND_NIGHT = ("P0", "P1")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person may be reached. Times are "22:00" in `zone`; None: the house's."""

    by_sms: bool = True
    by_voice: bool = True
    quiet_from: str | None = None
    quiet_to: str | None = None
    zone: str = "Asia/Phnom_Penh"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages within any `within`."""

    most: int
    within: timedelta


def _limits(*pairs: tuple[int, timedelta]) -> tuple[Limit, ...]:
    return tuple(Limit(most, within) for most, within in pairs)


_QUARTER, _HOUR, _THREE_HOURS = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)
LIMITS = {
    SMS: _limits((5, _QUARTER), (11, _HOUR), (21, _THREE_HOURS)),
    VOICE: _limits((3, _QUARTER), (7, _HOUR), (15, _THREE_HOURS)),
}
LIMITS_NOW = {
    SMS: _limits((10, _QUARTER)),
    VOICE: _limits((1, timedelta(seconds=90))),
}
"""Those of P0: no other limit holds it up."""


def channels(by: str, reach: Reach) -> tuple[str, ...]:
    """By what a page asked for as sms, voice or both goes to this person; never empty."""
    asked = (SMS, VOICE) if by == BOTH else (by,)
    may = {SMS: reach.by_sms, VOICE: reach.by_voice}
    wanted = tuple(channel for channel in asked if may.get(channel, False))
    return wanted or tuple(channel for channel in (SMS, VOICE) if may[channel]) or (SMS,)


def held_until(
    priority: str, reach: Reach, now: datetime, house: tuple[str, str] = (QUIET_FROM, QUIET_TO)
) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None when this person may be told now.

    P0 and P1 are told day and night. `house`: the quiet hours of who has set none.
    """
    if priority in DAY_AND_NIGHT:
        return None
    begins, ends = time_of(reach.quiet_from or house[0]), time_of(reach.quiet_to or house[1])
    if begins == ends:
        return None
    zone = ZoneInfo(reach.zone)
    today = now.astimezone(zone).date()
    nights = (_night(today + days * _DAY, begins, ends, zone) for days in (-1, 0, 1))
    return max((end for start, end in nights if start <= now < end), default=None)


def quiet_span(begins: time, ends: time) -> timedelta:
    """How long quiet hours are by the clock on the wall; none when they end as they begin."""
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return timedelta(minutes=minutes % (24 * 60))


def time_of(written: str) -> time:
    """ "22:00" as a time of day. Raises ValueError for anything else."""
    hour, colon, minute = written.partition(":")
    digits = hour + minute
    if not (colon and len(hour) == len(minute) == 2 and digits.isascii() and digits.isdecimal()):
        raise ValueError(f"{written!r} is no time of day; write it like 22:00")
    return time(int(hour), int(minute))


def _night(day: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The quiet hours that begin on `day`, in UTC."""
    last = day if begins < ends else day + _DAY
    start = datetime.combine(day, begins, tzinfo=zone)
    end = datetime.combine(last, ends, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def allowed_at(channel: str, priority: str, sent: Sequence[datetime], now: datetime) -> datetime:
    """When the next message to a person may go by `channel`: now, or as soon as no limit forbids.

    `sent` is when earlier ones went, or are to go, by the same channel. Nothing is ever dropped.
    """
    limits = (LIMITS_NOW if priority == "P0" else LIMITS)[channel]
    earlier, at = sorted(sent), now
    for limit in limits:
        if len(earlier) >= limit.most:
            at = max(at, earlier[-limit.most] + limit.within)
    return at
