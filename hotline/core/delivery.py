"""When a message is tried again, when it is given up, and which receipt counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum


class Fate(StrEnum):
    """What became of one try to send, as far as we know."""

    ACCEPTED = "accepted"  # the carrier has it
    REFUSED = "refused"  # the carrier will never take it
    UNAVAILABLE = "unavailable"  # nothing reached the carrier
    UNKNOWN = "unknown"  # cut off after sending: it may or may not have arrived


STAFF = "staff"
CALLER = "caller"

PENDING = "pending"
SENDING = "sending"
SENT = "sent"
DELIVERED = "delivered"
UNDELIVERED = "undelivered"
FAILED = "failed"
UNCERTAIN = "unknown"
CANCELLED = "cancelled"

OVER = frozenset({DELIVERED, UNDELIVERED, FAILED, UNCERTAIN, CANCELLED})
LOST = frozenset({UNDELIVERED, FAILED})

STAFF_WAITS = (2, 5, 15, 30, 60, 120, 300)
CALLER_WAITS = (5, 30, 120, 600, 1800, 3600)
LEASE = timedelta(seconds=45)
"""Longer than a request to each of three carriers may take (connect 3 s + read 8 s), so that a
lease that has run out means a worker that died, not one that is slow."""

TEXT_POLLS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
CALL_POLLS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 7))
LATER_POLLS = timedelta(minutes=15)
LONGEST_CALL = timedelta(hours=4)
STUCK = timedelta(minutes=15)
"""A call we placed that is neither talked on nor over after so long is treated as over."""


def after_try(audience: str, fate: Fate, tries: int, now: datetime) -> tuple[str, datetime | None]:
    """The new state of an outbox item after its `tries`-th try, and when to try again (or None).

    Staff pages are sent at least once: an unknown fate is tried again. Anything to a caller is sent
    at most once: an unknown fate ends there and is shown to staff.
    """
    if fate is Fate.ACCEPTED:
        return SENT, None
    if fate is Fate.REFUSED:
        return FAILED, None
    if fate is Fate.UNKNOWN and audience == CALLER:
        return UNCERTAIN, None
    waits = STAFF_WAITS if audience == STAFF else CALLER_WAITS
    if audience == CALLER and tries > len(waits):
        return FAILED, None
    return PENDING, now + timedelta(seconds=waits[min(tries, len(waits)) - 1])


_WEIGHT = (Fate.REFUSED, Fate.UNAVAILABLE, Fate.UNKNOWN, Fate.ACCEPTED)


def weightiest(fates: Iterable[Fate]) -> Fate:
    """What counts when several carriers were tried: it is out, it may be, it may yet be, never."""
    return max(fates, key=_WEIGHT.index)


def may_go_on(audience: str, fate: Fate) -> bool:
    """Whether the next carrier may be given the same message at once.

    What never left us may go to anybody. What may have arrived, and what one carrier will not take,
    is tried elsewhere only for staff: a caller is never sent the same thing twice.
    """
    return fate is Fate.UNAVAILABLE or (audience == STAFF and fate is not Fate.ACCEPTED)


def poll_after(is_call: bool, polls: int) -> timedelta | None:
    """When to ask the carrier again after `polls` questions; None: no more."""
    return call_poll_after(polls) if is_call else text_poll_after(polls)


def text_poll_after(polls: int) -> timedelta | None:
    """How long until a text without a final receipt is asked after again; None: no more."""
    return TEXT_POLLS[polls] if polls < len(TEXT_POLLS) else None


def call_poll_after(polls: int) -> timedelta | None:
    """The same for a call, for as long as a call may last."""
    if polls < len(CALL_POLLS):
        return CALL_POLLS[polls]
    return LATER_POLLS if polls < len(CALL_POLLS) + LONGEST_CALL // LATER_POLLS else None


_RANK = {PENDING: 0, SENDING: 1, UNCERTAIN: 1, SENT: 2, FAILED: 3, UNDELIVERED: 3, DELIVERED: 4}


def heed_receipt(state: str, told: str) -> str:
    """The state after a receipt says `told`; receipts come late, twice and in any order."""
    if state == CANCELLED or told not in _RANK:
        return state
    return told if _RANK[told] > _RANK.get(state, 0) else state
