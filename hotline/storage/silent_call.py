"""A call in which no key was pressed from beginning to end. Times only, for a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, delete, insert, select

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, row_id, utc

silent_calls = Table(
    "silent_call",
    metadata,
    row_id(),
    Column("caller_id", BigId, ForeignKey("caller.id"), nullable=False),
    Column("at", utc, nullable=False),
    Index("silent_call_of_caller", "caller_id", "at"),
)


def add_silent_call(
    tx: Transaction, caller_id: int, now: datetime, forget: datetime
) -> Sequence[datetime]:
    """Note one more; those before `forget` are deleted. The times of all that are left."""
    of_caller = silent_calls.c.caller_id == caller_id
    tx.execute(delete(silent_calls).where(of_caller, silent_calls.c.at < forget))
    tx.execute(insert(silent_calls), {"caller_id": caller_id, "at": now})
    return tx.execute(select(silent_calls.c.at).where(of_caller)).scalars().all()
