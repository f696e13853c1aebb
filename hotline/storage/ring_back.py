"""A ring-back: somebody rang a number for missed calls and is to be rung, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, bindparam, insert, select, update

from hotline.core.delivery import CANCELLED, FAILED
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import outbox
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

ring_backs = Table(
    "ring_back",
    metadata,
    row_id(),
    Column("caller_id", BigId, ForeignKey("caller.id"), nullable=False),
    Column("outbox_id", BigId, ForeignKey("outbox_item.id"), nullable=False, unique=True),
    Column("asked_at", utc, nullable=False),
    Column("told_at", utc),  # it was never rung, and staff know
    Index("ring_back_of_caller", "caller_id", "asked_at"),
    Index("ring_back_asked", "asked_at"),
)

_SINCE = (
    select(ring_backs.c.asked_at, outbox.c.state)
    .join(outbox, outbox.c.id == ring_backs.c.outbox_id)
    .where(
        ring_backs.c.caller_id == bindparam("caller_id"),
        ring_backs.c.asked_at > bindparam("since"),
    )
    .order_by(ring_backs.c.asked_at.desc())
)


def add_ring_back(tx: Transaction, caller_id: int, outbox_id: int, now: datetime) -> None:
    values = {"caller_id": caller_id, "outbox_id": outbox_id, "asked_at": now}
    tx.execute(insert(ring_backs), values)


def ring_backs_since(tx: Transaction, caller_id: int, since: datetime) -> Sequence[Found]:
    """When the caller asked to be rung back and what became of each, newest first."""
    return tx.execute(_SINCE, {"caller_id": caller_id, "since": since}).all()


def untold_ring_backs(tx: Transaction, since: datetime, limit: int = 100) -> Sequence[Found]:
    """Callers who were turned away and then not rung, by no fault of theirs."""
    return tx.execute(
        select(ring_backs.c.id, ring_backs.c.caller_id)
        .join(outbox, outbox.c.id == ring_backs.c.outbox_id)
        .where(
            ring_backs.c.asked_at > since,
            ring_backs.c.told_at.is_(None),
            outbox.c.state.in_((CANCELLED, FAILED)),
        )
        .order_by(ring_backs.c.id)
        .limit(limit)
    ).all()


def mark_told(tx: Transaction, ring_back_id: int, now: datetime) -> bool:
    """False when another worker was quicker."""
    done = tx.execute(
        update(ring_backs)
        .where(ring_backs.c.id == ring_back_id, ring_backs.c.told_at.is_(None))
        .values(told_at=now)
    )
    return done.rowcount == 1
