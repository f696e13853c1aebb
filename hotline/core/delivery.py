"""When a message is tried again, when it is given up, and which receipt counts."""

from __future__ import annotations

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
LEASE = timedelta(seconds=30)
"""Longer than any single request to a carrier may take (connect 3 s + read 8 s), so that a lease
that has run out means a worker that died, not one that is slow."""


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


_RANK = {PENDING: 0, SENDING: 1, UNCERTAIN: 1, SENT: 2, FAILED: 3, UNDELIVERED: 3, DELIVERED: 4}


def heed_receipt(state: str, told: str) -> str:
    """The state after a receipt says `told`; receipts come late, twice and in any order."""
    if state == CANCELLED or told not in _RANK:
        return state
    return told if _RANK[told] > _RANK.get(state, 0) else state
