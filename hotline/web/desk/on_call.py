"""Who is on call, in a line at the top of a page: names, until when, and who comes then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.rota import who_is_on_call
from hotline.storage.database import Transaction
from hotline.storage.staff_member import list_staff

LOOKED_AHEAD = timedelta(days=7)
"""What changes later than that is for the page of the rota."""


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """For on_call.html. Empty `now`: nobody is; `until` None: it stays so for a week."""

    now: tuple[str, ...]
    until: datetime | None
    then: tuple[str, ...]


def on_call_now(tx: Transaction, now: datetime) -> OnCallNow:
    names = {member.id: member.name for member in list_staff(tx)}
    told = who_is_on_call(tx, now)
    until = told.until if told.until is not None and told.until - now < LOOKED_AHEAD else None
    return OnCallNow(
        tuple(names[who] for who in told.now), until, tuple(names[who] for who in told.then)
    )
