"""Who is on call, in a line at the top of a page: names, until when, and who comes then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.core.rota import gaps, on_call
from hotline.rota import AHEAD
from hotline.rota_watch import WARN_AHEAD
from hotline.storage.database import Transaction
from hotline.storage.shift import list_shifts
from hotline.storage.staff_member import list_staff

LOOKED_AHEAD = timedelta(days=7)
"""What changes later than that is for the page of the rota."""


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """For on_call.html. Empty `now`: nobody is; `until` None: it stays so for a week.

    `gap`: from when nobody is on call, where that is within a day and somebody is now.
    """

    now: tuple[str, ...]
    until: datetime | None
    then: tuple[str, ...]
    gap: datetime | None = None
    unverified: tuple[str, ...] = ()  # on call with a phone nobody has shown to be theirs


def on_call_now(tx: Transaction, now: datetime) -> OnCallNow:
    members = {member.id: member for member in list_staff(tx)}
    names = {number: member.name for number, member in members.items()}
    shifts = list_shifts(tx, now, now + AHEAD)
    told = on_call(shifts, now)
    until = told.until if told.until is not None and told.until - now < LOOKED_AHEAD else None
    empty = gaps(shifts, now, now + WARN_AHEAD) if told.now else ()
    return OnCallNow(
        tuple(names[who] for who in told.now),
        until,
        tuple(names[who] for who in told.then),
        empty[0].starts_at if empty else None,
        tuple(names[who] for who in told.now if members[who].phone_verified_at is None),
    )
