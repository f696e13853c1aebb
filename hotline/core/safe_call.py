"""May we ring this caller now? The callback plan as a gate and not as a note.

What stands against a call is looked at first (no number, a no, a quiet sign, nobody asked), then
the hours. Hours are wall-clock hours where the caller lives: each day's are turned into UTC, so
that nothing here depends on how long a day is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from hotline.core.callback_plan import (
    CALLING_NUMBER,
    CONSENT,
    NUMBER,
    WHO_ANSWERS,
    WINDOW,
    consent_of,
    is_of_a_child,
)
from hotline.core.local_time import PHNOM_PENH
from hotline.core.phone_number import normalise

OPEN, OPEN_WITH_CARE = "open", "open_with_care"
OUTSIDE_WINDOW, NIGHT, UNKNOWN_WINDOW = "outside_window", "night", "unknown_window"
SAID_NO, QUIET_SIGN, NOT_ASKED = "said_no", "quiet_sign", "not_asked"
NO_NUMBER, BAD_NUMBER = "no_number", "bad_number"
OUR_LINE, STAFF_PHONE = "our_line", "staff_phone"
CASE_CLOSED, FORGOTTEN = "case_closed", "forgotten"
ALREADY_CALLING, NOT_YOURS = "already_calling", "not_yours"

NOBODY, WHOEVER_CALLS, SUPERVISORS = "nobody", "whoever_calls", "supervisors"
"""Who may have the caller rung in spite of the gate, with a reason that is kept."""

URGENT = frozenset({"P0", "P1"})


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a day where the caller lives, `until` not included; never over midnight."""

    since: time
    until: time


MORNING = Hours(time(7), time(11))
NOON = Hours(time(11), time(14))
AFTERNOON = Hours(time(14), time(17))
EVENING = Hours(time(17), time(20))
PARTS_OF_DAY = (MORNING, NOON, EVENING)  # those a caller may choose
WAKING = Hours(time(7), time(21))
CHILD_WAKING = Hours(time(7), time(20))

WINDOWS: Final[Mapping[str, Hours]] = {
    "morning": MORNING,
    "noon": NOON,
    "midday": NOON,
    "afternoon": AFTERNOON,
    "evening": EVENING,
}
_ANY_TIME = frozenset({"anytime", "any"})
_UNASKED = "child_club"
_SAY_CHILD_CLUB = frozenset({"say_child_club", _UNASKED})


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the caller may be rung now, and why (not).

    `opens_at`: the next moment at which the plan allows it; None when it is open, or never will be
    by itself. `closes_at`: until when it is open; None: no end in sight. `override`: who may have
    the caller rung all the same.
    """

    allowed: bool
    why: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    override: str = NOBODY

    def may_be_overridden_by(self, role: str) -> bool:
        """Whether somebody with this role may, with a reason."""
        if self.allowed or self.override == NOBODY:
            return False
        return self.override == WHOEVER_CALLS or role in ("supervisor", "admin")


def gate(
    plan: Mapping[str, str],
    notes: Mapping[str, str],
    flags: Collection[str],
    priority: str,
    now: datetime,
    zone: tzinfo = PHNOM_PENH,
    *,
    number_fault: str | None = None,
) -> Gate:
    """What the plan says of a call at `now`; `number_fault` comes from `fault_of_number`."""
    if number_fault is not None:
        return Gate(False, number_fault)
    against = stands_against(plan, flags)
    if against is not None:
        return Gate(False, against, override=_OVERRIDE[against])
    if is_round_the_clock(plan, priority):
        return Gate(True, _how_open(plan))
    hours = hours_of(plan, notes)
    if hours is None:
        return Gate(False, UNKNOWN_WINDOW, override=WHOEVER_CALLS)
    since, until = _next_span(hours, now, zone)
    if since <= now:
        return Gate(True, _how_open(plan), closes_at=until)
    why = OUTSIDE_WINDOW if plan.get(WINDOW) in WINDOWS else NIGHT
    return Gate(False, why, opens_at=since, override=WHOEVER_CALLS)


_AGAINST = {"no": SAID_NO, "quiet": QUIET_SIGN, "not_asked": NOT_ASKED}  # yes, pending: nothing
_OVERRIDE = {SAID_NO: SUPERVISORS, QUIET_SIGN: SUPERVISORS, NOT_ASKED: WHOEVER_CALLS}


def stands_against(plan: Mapping[str, str], flags: Collection[str]) -> str | None:
    """Why this caller must not be rung at any hour, unless somebody answers for it; else None.

    A case of which we know no answer at all is one where nobody asked.
    """
    return _AGAINST.get(consent_of(plan, flags))


def opens_quietly(plan: Mapping[str, str], flags: Collection[str]) -> bool:
    """Whether our first words must not name the Child Club.

    So the caller wished; or they never agreed to a call, or the number may be somebody else's.
    """
    if stands_against(plan, flags) is not None or "number_unconfirmed" in flags:
        return True
    return plan.get(WHO_ANSWERS, _UNASKED) not in _SAY_CHILD_CLUB


def number_in_plan(plan: Mapping[str, str], calling: str | None) -> str | None:
    """Which phone to ring as the plan has it; `calling` is the one the caller used, if known."""
    chosen = plan.get(NUMBER, CALLING_NUMBER)
    return calling if chosen == CALLING_NUMBER else chosen


def fault_of_number(
    number: str | None, lines: Collection[str], *, is_staff: bool = False
) -> str | None:
    """Why this number must not be rung, whatever anybody says; None: it may.

    `lines` are our own numbers as they are written anywhere; `is_staff` if it is a staff phone.
    """
    if number is None:
        return NO_NUMBER
    told = normalise(number)
    if told is None:
        return OUR_LINE if number in lines else BAD_NUMBER
    if told in {normalise(line) or line for line in lines}:
        return OUR_LINE
    return STAFF_PHONE if is_staff else None


# ---------------------------------------------------------------- hours


def is_round_the_clock(plan: Mapping[str, str], priority: str) -> bool:
    """An urgent matter, and no time was chosen: then the night is no reason to wait."""
    return priority in URGENT and plan.get(WINDOW, "anytime") in _ANY_TIME


def hours_of(plan: Mapping[str, str], notes: Mapping[str, str]) -> Hours | None:
    """The hours of each day in which this plan allows a call; None: nobody can say."""
    chosen = plan.get(WINDOW)
    if chosen is None:
        is_child = is_of_a_child(plan, notes)
        return CHILD_WAKING if is_child else WAKING
    return WAKING if chosen in _ANY_TIME else WINDOWS.get(chosen)


def next_opening(
    plan: Mapping[str, str],
    notes: Mapping[str, str],
    priority: str,
    after: datetime,
    zone: tzinfo,
) -> datetime | None:
    """The first moment from `after` on at which the hours allow a call; None: nobody can say."""
    if is_round_the_clock(plan, priority):
        return after
    hours = hours_of(plan, notes)
    return max(after, _next_span(hours, after, zone)[0]) if hours is not None else None


def next_beginning(hours: Hours, after: datetime, zone: tzinfo) -> datetime:
    """When these hours begin next, later than `after`."""
    return next(since for since, _ in _spans(hours, after, zone) if since > after)


def _next_span(hours: Hours, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    return next(span for span in _spans(hours, now, zone) if now < span[1])


def _spans(hours: Hours, around: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """These hours of the days around a moment, in order. A zone may have left out a whole day."""
    today = around.astimezone(zone).date()
    for days in range(-1, 4):
        day = today + timedelta(days=days)
        since = datetime.combine(day, hours.since, zone).astimezone(around.tzinfo)
        until = datetime.combine(day, hours.until, zone).astimezone(around.tzinfo)
        if since < until:
            yield since, until


def _how_open(plan: Mapping[str, str]) -> str:
    return OPEN if plan.get(CONSENT) == "yes" else OPEN_WITH_CARE
