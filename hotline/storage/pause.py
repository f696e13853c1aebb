"""A pause: a phone that calls without end may only listen until then. One row a phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, bindparam, insert, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, utc

pauses = Table(
    "pause",
    metadata,
    Column("caller_id", BigId, ForeignKey("caller.id"), primary_key=True, autoincrement=False),
    Column("ends_at", utc, nullable=False),
)

_OF_CALLER = select(pauses.c.ends_at).where(pauses.c.caller_id == bindparam("caller_id"))


def end_of_pause(tx: Transaction, caller_id: int) -> datetime | None:
    """When the caller's last pause ends or ended."""
    ends: datetime | None = tx.execute(_OF_CALLER, {"caller_id": caller_id}).scalar()
    return ends


def set_pause(tx: Transaction, caller_id: int, ends_at: datetime) -> None:
    done = tx.execute(update(pauses).where(pauses.c.caller_id == caller_id).values(ends_at=ends_at))
    if done.rowcount == 0:
        tx.execute(insert(pauses), {"caller_id": caller_id, "ends_at": ends_at})
