"""Errands: claim what is due in the outbox, open it for the carrier, write down its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hotline import carrier_choice
from hotline.carriers.refusals import CONFIG, FILTERED, PASSING, meaning_of
from hotline.core.breaker import TEXT
from hotline.core.delivery import (
    CANCELLED,
    DELIVERED,
    LEASE,
    LOST,
    PENDING,
    SENDING,
    SENT,
    STAFF,
    Fate,
    after_try,
    heed_receipt,
    poll_after,
)
from hotline.core.events import Receipt
from hotline.core.missed_call import PROMPT as RING_BACK
from hotline.core.missed_call import is_in_time
from hotline.outbox import CONTEXT, PHONE_CODE, SMS, VOICE
from hotline.parts import Hotline
from hotline.staffing import is_trusted
from hotline.storage import outbox_item
from hotline.storage.caller import get_caller
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

AT_ONCE = 8
"""Messages under way at one time in a worker; a carrier takes about 80 ms for each. No more are
claimed, so that none waits for its turn while its lease runs out."""

_PHONE_OFF = "30003"
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
    staff_id: int | None
    case_id: int | None
    lost_by: str | None  # the carrier that took it before and lost it
    by: str | None  # the carrier it should go by
    number_sealed: bytes
    body_sealed: bytes
    ask_sealed: bytes | None

    def __repr__(self) -> str:
        return f"Errand({self.item_id})"


def claim_due(hotline: Hotline, queue: str, owner: str, limit: int = AT_ONCE) -> list[Errand]:
    """Take what is due in a queue; nobody else has it until the lease runs out."""
    now = hotline.now()
    with hotline.transaction() as tx:
        rows = outbox_item.claim_items(tx, queue, owner, now, now + LEASE, limit)
        return [errand for row in rows if (errand := _errand(tx, row, owner, now))]


def _errand(tx: Transaction, row: Any, owner: str, now: datetime) -> Errand | None:
    if row.audience == STAFF:
        member = get_staff(tx, row.staff_id)
        if not is_trusted(member) and not (member.active and row.prompt == PHONE_CODE):
            _cancel(tx, row, owner, now)
            return None
        sealed = member.phone_sealed
    else:
        if row.prompt == RING_BACK and not is_in_time(row.created_at, now):
            _cancel(tx, row, owner, now)
            return None
        sealed = get_caller(tx, row.caller_id).number_sealed
    return Errand(
        row.id,
        row.audience,
        row.channel,
        row.prompt,
        row.tries,
        row.staff_id,
        row.case_id,
        row.carrier if row.resends else None,
        row.carrier if row.audience != STAFF else None,
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
    if fate in (Fate.ACCEPTED, Fate.UNKNOWN):
        values["carrier"] = carrier
    if fate is Fate.ACCEPTED:
        poll_at = now + (poll_after(errand.channel == VOICE, 0) or timedelta(0))
        values |= {"provider_sid": sid, "sent_at": now, "poll_at": poll_at}
    done = outbox_item.mark_item(tx, errand.item_id, owner, now, **values)
    return state if done else None


@dataclass(frozen=True, slots=True)
class Lost:
    """A message that did not arrive, as a receipt told; `goes_again`: by another carrier, now."""

    is_page: bool
    case_id: int | None
    goes_again: bool


def note_receipt(hotline: Hotline, tx: Transaction, receipt: Receipt) -> Lost | None:
    """Take a receipt, late, twice or out of order; tells when a message is newly known as lost."""
    now, told = hotline.now(), _FROM_RECEIPT.get(receipt.state)
    row = outbox_item.find_by_sid(tx, receipt.carrier, receipt.sid) or _by_ticket(tx, receipt)
    if told is None or row is None or _is_of_a_lost_try(row, told):
        return None
    state = heed_receipt(row.state, told)
    if state == row.state:
        return None
    lost = None
    values: dict[str, Any] = {"state": state, "next_at": None, "error": receipt.error}
    if state in LOST:
        lost = Lost(row.audience == STAFF, row.case_id, _may_go_again(hotline, row, receipt))
        # Somleng's receipts say nothing of the reason, but the carrier can be asked for it.
        is_unexplained = receipt.error is None and row.channel == SMS
        values["poll_at"] = now if is_unexplained and not lost.goes_again else None
        if lost.goes_again:
            values |= {"state": PENDING, "next_at": now, "resends": row.resends + 1}
    else:
        wait = poll_after(row.channel == VOICE, 0) if state == SENT else None
        values |= {"sent_at": row.sent_at or now, "poll_at": wait and now + wait}
    values |= {"carrier": receipt.carrier, "provider_sid": receipt.sid}
    outbox_item.change_item(tx, row.id, now, **values)
    return lost


def _is_of_a_lost_try(row: Any, told: str) -> bool:
    """A text that was lost and goes again keeps its old id until another carrier has it."""
    return row.resends > 0 and row.state in (PENDING, SENDING) and told != DELIVERED


def _may_go_again(hotline: Hotline, row: Any, receipt: Receipt) -> bool:
    """A lost page is given to another carrier, once; words that were filtered are not repeated."""
    if row.audience != STAFF or row.channel != SMS or row.resends:
        return False
    is_filtered = meaning_of(receipt.error) == FILTERED
    return not is_filtered and carrier_choice.has_another(hotline, receipt.carrier)


def note_reason(hotline: Hotline, tx: Transaction, item_id: int, receipt: Receipt) -> bool:
    """Why a message was lost, learned by asking; True: people are told of a trouble."""
    outbox_item.change_item(tx, item_id, hotline.now(), error=receipt.error)
    return note_trouble(hotline, tx, receipt)


def note_trouble(hotline: Hotline, tx: Transaction, receipt: Receipt) -> bool:
    """What the code of a lost text teaches about its carrier; True: people are told of it."""
    if receipt.error is None or receipt.kind != "text" or receipt.error == _PHONE_OFF:
        return False
    meaning = meaning_of(receipt.error)
    fate = Fate.UNAVAILABLE if meaning in (CONFIG, PASSING) else Fate.REFUSED
    return carrier_choice.note(hotline, tx, receipt.carrier, TEXT, fate, meaning)


def _by_ticket(tx: Transaction, receipt: Receipt) -> Any | None:
    """A receipt may come before our own mark, or for a text whose id we never learned."""
    if not receipt.ticket or not receipt.ticket.isdecimal():
        return None
    row = outbox_item.get_item(tx, int(receipt.ticket))
    # Our mark may have been written while we waited for the row: then it is the same id.
    return row if row is not None and row.provider_sid in (None, receipt.sid) else None
