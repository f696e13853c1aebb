"""Whether the machinery moves: when somebody swept last, and since when a message has been due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from hotline.storage.database import Transaction
from hotline.storage.heartbeat import SWEEPER, heartbeats
from hotline.storage.outbox_item import IS_PENDING, outbox
from hotline.storage.tables import Found


def pulse(tx: Transaction, now: datetime) -> Found:
    """`swept_at`, and `due_since` of the longest waiting message; None where there is none."""
    swept = select(heartbeats.c.at).where(heartbeats.c.name == SWEEPER)
    due = select(func.min(outbox.c.next_at)).where(IS_PENDING, outbox.c.next_at <= now)
    return tx.execute(
        select(swept.scalar_subquery().label("swept_at"), due.scalar_subquery().label("due_since"))
    ).one()
