"""Missed calls: who is turned away to be rung back, and who is answered instead.

Only a call that is rung back is turned away. Whoever cannot be rung now (at night, with a withheld
number, too often today) is answered like any other caller: nobody rings this line for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PROMPT = "V_RINGBACK"
"""The first words of a ring-back, and so what says that a call is one."""

HANG_UP_FIRST = timedelta(seconds=8)
"""The phone still hears the busy tone; so long we wait before we ring it."""

TOO_LATE = timedelta(minutes=5)
"""A ring-back comes at once or never: later, somebody else may have the phone in hand."""

NOT_SO_SOON = timedelta(minutes=2)
A_DAY, MOST_A_DAY = timedelta(hours=24), 5


class Then(StrEnum):
    """What is done with a call to a number for missed calls."""

    RING_BACK = "ring_back"
    TURN_AWAY = "turn_away"  # the ring-back for an earlier one is under way
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` to `ends` on the clock of `zone`, over midnight or not; equal: never."""

    begins: time
    ends: time
    zone: str = "Asia/Phnom_Penh"

    def are_at(self, now: datetime) -> bool:
        here = now.astimezone(ZoneInfo(self.zone)).time()
        if self.begins <= self.ends:
            return self.begins <= here < self.ends
        return here >= self.begins or here < self.ends


def after_missed_call(
    asked: Sequence[datetime],
    *,
    is_under_way: bool,
    can_be_rung: bool,
    quiet: QuietHours,
    now: datetime,
) -> Then:
    """`asked`: when this phone asked to be rung back before; `is_under_way`: the last of them."""
    if not can_be_rung:
        return Then.ANSWER
    if is_under_way and any(is_in_time(at, now) for at in asked):
        return Then.TURN_AWAY
    today = [at for at in asked if at > now - A_DAY]
    is_too_often = len(today) >= MOST_A_DAY or any(at > now - NOT_SO_SOON for at in today)
    return Then.ANSWER if is_too_often or quiet.are_at(now) else Then.RING_BACK


def is_in_time(asked: datetime, now: datetime) -> bool:
    """Whether a missed call of then may still be rung back now."""
    return now - asked < TOO_LATE


def read_quiet_hours(written: str) -> QuietHours:
    """`21:00-07:00`, as the settings have checked it."""
    begins, _, ends = written.partition("-")
    return QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
