"""A carrier's receipt for a text: written down, and a page that was lost moves the ladder on."""

from __future__ import annotations

from hotline import outbox, paging
from hotline.core.events import Receipt
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def take_receipt(hotline: Hotline, tx: Transaction, receipt: Receipt) -> frozenset[str]:
    """Late, twice or out of order: each receipt counts once. The queues to ring."""
    lost = outbox.note_receipt(tx, receipt, hotline.now())
    if lost is None:
        return frozenset()
    paging.hurry(hotline, tx, lost.case_id)
    return frozenset({"chores"})
