"""Errands: claim what is due in the outbox, open it for the carrier, write down its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.core.delivery import (
    CANCELLED,
    LEASE,
    LOST,
    STAFF,
    Fate,
    after_try,
    heed_receipt,
)
from hotline.core.events import Receipt
from hotline.outbox import CONTEXT, VOICE
from hotline.parts import Hotline
from hotline.storage import outbox_item
from hotline.storage.caller import get_caller
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

BATCH = 20
_FROM_RECEIPT = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed item, ready to be sent with no transaction open. Never shown: it holds a number."""

    item_id: int
    audience: str
    channel: str
    prompt: str
    tries: int
    case_id: int | None
    number_sealed: bytes
    body_sealed: bytes
    ask_sealed: bytes | None

    def __repr__(self) -> str:
        return f"Errand({self.item_id})"


def claim_due(hotline: Hotline, queue: str, owner: str, limit: int = BATCH) -> list[Errand]:
    """Take what is due in a queue; nobody else has it until the lease runs out."""
    now = hotline.now()
    with hotline.transaction() as tx:
        rows = outbox_item.claim_items(tx, queue, owner, now, now + LEASE, limit)
        return [errand for row in rows if (errand := _errand(tx, row, owner, now))]


def _errand(tx: Transaction, row: Any, owner: str, now: datetime) -> Errand | None:
    if row.audience == STAFF:
        member = get_staff(tx, row.staff_id)
        if not member.active:
            _cancel(tx, row, owner, now)
            return None
        sealed = member.phone_sealed
    else:
        sealed = get_caller(tx, row.caller_id).number_sealed
    return Errand(
        row.id,
        row.audience,
        row.channel,
        row.prompt,
        row.tries,
        row.case_id,
        sealed,
        row.body_sealed,
        row.ask_sealed,
    )


def _cancel(tx: Transaction, row: Any, owner: str, now: datetime) -> None:
    outbox_item.mark_item(tx, row.id, owner, now, state=CANCELLED, next_at=None)


@dataclass(frozen=True, slots=True)
class Opened:
    """An errand in the clear: for the carrier only. A call has no `body`."""

    number: str = field(repr=False)
    body: str = field(repr=False)
    ask: str = field(repr=False)


def open_errand(hotline: Hotline, errand: Errand) -> Opened:
    """Raises SealBroken for what cannot be read any more."""
    context = "staff.phone" if errand.audience == STAFF else "caller.number"
    number = hotline.vault.decrypt(errand.number_sealed, context).decode()
    body = hotline.vault.decrypt(errand.body_sealed, CONTEXT).decode()
    asked = errand.ask_sealed
    ask = hotline.vault.decrypt(asked, CONTEXT).decode() if asked is not None else ""
    return Opened(body or number, "", "") if errand.channel == VOICE else Opened(number, body, ask)


def mark(
    hotline: Hotline,
    tx: Transaction,
    errand: Errand,
    owner: str,
    fate: Fate,
    *,
    carrier: str,
    sid: str | None = None,
    error: str | None = None,
) -> str | None:
    """Write down the end of a try; the new state, or None if the lease was lost meanwhile."""
    now = hotline.now()
    state, next_at = after_try(errand.audience, fate, errand.tries, now)
    values: dict[str, Any] = {"state": state, "next_at": next_at, "error": error}
    if fate is Fate.ACCEPTED:
        values |= {"carrier": carrier, "provider_sid": sid, "sent_at": now}
    done = outbox_item.mark_item(tx, errand.item_id, owner, now, **values)
    return state if done else None


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that did not arrive, as a receipt told."""

    case_id: int


def note_receipt(tx: Transaction, receipt: Receipt, now: datetime) -> Lost | None:
    """Take a receipt, late, twice or out of order; tells when a page is known to be lost."""
    told = _FROM_RECEIPT.get(receipt.state)
    row = outbox_item.find_by_sid(tx, receipt.carrier, receipt.sid) or _by_ticket(tx, receipt)
    if told is None or row is None:
        return None
    state = heed_receipt(row.state, told)
    if state == row.state:
        return None
    known = {"carrier": receipt.carrier, "provider_sid": receipt.sid}
    outbox_item.change_item(
        tx, row.id, now, state=state, next_at=None, error=receipt.error, **known
    )
    if state in LOST and row.audience == STAFF and row.case_id is not None:
        return Lost(row.case_id)
    return None


def _by_ticket(tx: Transaction, receipt: Receipt) -> Any | None:
    """A receipt may come before our own mark, or for a text whose id we never learned."""
    if not receipt.ticket or not receipt.ticket.isdecimal():
        return None
    row = outbox_item.get_item(tx, int(receipt.ticket))
    return row if row is not None and row.provider_sid is None else None
