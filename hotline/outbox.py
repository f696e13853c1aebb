"""The outbox: put a message, claim what is due, write down what became of it.

A message is put in the transaction that makes it necessary; a worker sends it afterwards. Pages to
staff go out at least once, anything to a caller at most once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.core.delivery import (
    CALLER,
    CANCELLED,
    LEASE,
    LOST,
    STAFF,
    Fate,
    after_try,
    heed_receipt,
)
from hotline.core.events import Receipt
from hotline.core.sms_text import count_segments
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage import outbox_item
from hotline.storage.caller import get_caller
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

_CONTEXT = "outbox.body"
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
class Lost:
    """A page that did not arrive, as a receipt told."""

    case_id: int


def put_page(
    hotline: Hotline,
    tx: Transaction,
    member: Any,
    say: Sequence[Saying],
    case_id: int | None,
    key: str,
) -> bool:
    """Put a text to a staff member; False if one with this idempotency key was put before."""
    body = " ".join(_words(hotline, saying, member.language, None) for saying in say)
    return _put(
        hotline, tx, "alerts", STAFF, body, say[0].prompt, key, staff_id=member.id, case_id=case_id
    )


def put_reply(
    hotline: Hotline,
    tx: Transaction,
    caller: Any,
    say: Sequence[Saying],
    key: str,
    *,
    language: str,
    script: str | None,
    despite_stop: bool = False,
) -> bool:
    """Put one text to a caller; False if they want none, or if it was put before.

    Several sayings make one text, a line each: two texts could arrive in the wrong order.
    """
    if not say or (caller.stopped_at is not None and not despite_stop):
        return False
    body = "\n".join(_words(hotline, saying, language, script) for saying in say)
    return _put(hotline, tx, "replies", CALLER, body, say[0].prompt, key, caller_id=caller.id)


def _words(hotline: Hotline, saying: Saying, language: str, script: str | None) -> str:
    words = hotline.library.text(saying.prompt, language, script)
    for name, value in saying.values:
        words = words.replace("{" + name + "}", value)
    return words


def _put(
    hotline: Hotline,
    tx: Transaction,
    queue: str,
    audience: str,
    body: str,
    prompt: str,
    key: str,
    **whom: int | None,
) -> bool:
    now = hotline.now()
    item = outbox_item.put_item(
        tx,
        queue=queue,
        audience=audience,
        channel="sms",
        prompt=prompt,
        body_sealed=hotline.vault.encrypt(body.encode(), _CONTEXT),
        segments=count_segments(body).count,
        idempotency_key=key,
        state="pending",
        tries=0,
        next_at=now,
        created_at=now,
        updated_at=now,
        **whom,
    )
    return item is not None


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed item, ready to be sent with no transaction open. Never shown: it holds a number."""

    item_id: int
    audience: str
    tries: int
    case_id: int | None
    number_sealed: bytes
    body_sealed: bytes

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
    return Errand(row.id, row.audience, row.tries, row.case_id, sealed, row.body_sealed)


def _cancel(tx: Transaction, row: Any, owner: str, now: datetime) -> None:
    outbox_item.mark_item(tx, row.id, owner, now, state=CANCELLED, next_at=None)


def open_errand(hotline: Hotline, errand: Errand) -> tuple[str, str]:
    """The number to send to and the words to send, in the clear: for the carrier only."""
    context = "staff.phone" if errand.audience == STAFF else "caller.number"
    number = hotline.vault.decrypt(errand.number_sealed, context).decode()
    return number, hotline.vault.decrypt(errand.body_sealed, _CONTEXT).decode()


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
