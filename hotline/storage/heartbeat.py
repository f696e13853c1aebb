"""When a part of the machinery was last seen alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, String, Table, insert, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import metadata, utc

SWEEPER = "sweeper"

heartbeats = Table(
    "heartbeat",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", utc, nullable=False),
)


def beat(tx: Transaction, name: str, now: datetime) -> None:
    done = tx.execute(update(heartbeats).where(heartbeats.c.name == name).values(at=now))
    if done.rowcount == 0:
        tx.execute(insert(heartbeats), {"name": name, "at": now})


def last_beat(tx: Transaction, name: str) -> datetime | None:
    return tx.execute(select(heartbeats.c.at).where(heartbeats.c.name == name)).scalar()
