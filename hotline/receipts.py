"""A carrier's word on a message or call of ours: a page that was lost moves the ladder on."""

from __future__ import annotations

from hotline import errands, paging
from hotline.core.events import CallStatus, Receipt
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def take_receipt(hotline: Hotline, tx: Transaction, receipt: Receipt) -> frozenset[str]:
    """Late, twice or out of order: each receipt counts once. The queues to ring."""
    lost = errands.note_receipt(hotline, tx, receipt)
    if lost is None:
        return frozenset()
    rings = set()
    if errands.note_trouble(hotline, tx, receipt) or lost.goes_again:
        rings.add("alerts")
    if lost.is_page and lost.case_id is not None:
        paging.hurry(hotline, tx, lost.case_id)
        rings.add("chores")
    return frozenset(rings)


def take_call_end(
    hotline: Hotline, tx: Transaction, status: CallStatus, *, was_answered: bool
) -> frozenset[str]:
    """The end of a call that we placed; nobody picked up unless `was_answered`."""
    if status.ticket is None and not status.outbound:
        return frozenset()
    state = "delivered" if was_answered and status.state == "completed" else "undelivered"
    receipt = Receipt(
        carrier=status.carrier,
        sid=status.call_sid,
        kind="call",
        state=state,
        error=None if state == "delivered" else status.state,
        rank=0,
        ticket=status.ticket,
    )
    return take_receipt(hotline, tx, receipt)
