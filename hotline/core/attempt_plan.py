"""When to try again to reach a caller: three tries, spread over the hours they said are safe."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from hotline.core.callback_plan import WINDOW
from hotline.core.local_time import PHNOM_PENH
from hotline.core.safe_call import (
    PARTS_OF_DAY,
    UNKNOWN_WINDOW,
    URGENT,
    WINDOWS,
    next_beginning,
    next_opening,
    stands_against,
)

MOST_TRIES = 3
REACHED, UNSAFE = "reached", "unsafe"
NO_ANSWER, BUSY, ASKED_LATER, WRONG_PERSON = "no_answer", "busy", "asked_later", "wrong_person"

ALL_TRIED = "all_tried"
"""Why a supervisor decides: three tries reached nobody. Other reasons: `unsafe`, and the gate's."""

_WAITS_URGENT = {
    BUSY: timedelta(minutes=5),
    NO_ANSWER: timedelta(minutes=15),
    ASKED_LATER: timedelta(minutes=30),
    WRONG_PERSON: timedelta(hours=1),
}
_WAITS = {BUSY: timedelta(minutes=30), ASKED_LATER: timedelta(hours=2)}
_SPREAD = timedelta(hours=2)  # at least, between two tries on a day of which any hour is safe


Tried = tuple[datetime, str]
"""One attempt: when, and an outcome of storage.attempt.OUTCOMES."""


@dataclass(frozen=True, slots=True)
class SupervisorDecides:
    """No further try by itself; `why` is a code."""

    why: str


def next_attempt(
    plan: Mapping[str, str],
    notes: Mapping[str, str],
    flags: Collection[str],
    priority: str,
    attempts: Sequence[Tried],
    now: datetime,
    zone: tzinfo = PHNOM_PENH,
) -> datetime | SupervisorDecides:
    """When the caller should be tried next, never before `now`; `attempts` oldest first.

    Somebody who was reached is a new beginning: what was tried before does not count.
    """
    against = stands_against(plan, flags)
    if against is not None:
        return SupervisorDecides(against)
    tried = _since_reached(attempts)
    if tried and tried[-1][1] == UNSAFE:
        return SupervisorDecides(UNSAFE)
    if len(tried) >= MOST_TRIES:
        return SupervisorDecides(ALL_TRIED)
    earliest = max(now, _after(tried, plan, priority, zone)) if tried else now
    opens = next_opening(plan, notes, priority, earliest, zone)
    return opens if opens is not None else SupervisorDecides(UNKNOWN_WINDOW)


def _since_reached(attempts: Sequence[Tried]) -> list[Tried]:
    tried: list[Tried] = []
    for attempt in attempts:
        tried = [] if attempt[1] == REACHED else [*tried, attempt]
    return tried


def _after(
    tried: Sequence[Tried], plan: Mapping[str, str], priority: str, zone: tzinfo
) -> datetime:
    """Not before this: a moment later for a busy phone, another time of day for a silent one."""
    at, outcome = tried[-1]
    if priority in URGENT:
        wait = _WAITS_URGENT.get(outcome, _WAITS_URGENT[NO_ANSWER])
        return at + wait * (4 if len(tried) > 1 and outcome == NO_ANSWER else 1)
    if outcome in _WAITS:
        return at + _WAITS[outcome]
    if outcome == WRONG_PERSON:  # who answered may still be at the phone: another day
        return _midnight_after(at, zone)
    chosen = WINDOWS.get(plan.get(WINDOW, ""))
    if chosen is not None:
        return next_beginning(chosen, at, zone)
    return min(next_beginning(part, at + _SPREAD, zone) for part in PARTS_OF_DAY)


def _midnight_after(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(0), zone).astimezone(moment.tzinfo)
