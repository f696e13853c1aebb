"""When a part of the machinery was last seen alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, String, Table, func, insert, or_, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import metadata, utc
from hotline.storage.writing import insert_once

SWEEPER = "sweeper"
BACKUP = "backup"

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


def newest_beat(tx: Transaction) -> datetime | None:
    """The latest sign of life of anything; later than now means that a clock was put back."""
    return tx.execute(select(func.max(heartbeats.c.at))).scalar()


def take_turn(tx: Transaction, name: str, now: datetime, every: timedelta) -> bool:
    """Whether `name` is to be done now, and by us: the last time was `every` ago, or never.

    A last time that is still to come was written by a clock that was wrong, and does not count.
    """
    last = heartbeats.c.at
    is_due = or_(last <= now - every, last > now + every)
    done = tx.execute(update(heartbeats).where(heartbeats.c.name == name, is_due).values(at=now))
    return done.rowcount == 1 or insert_once(tx, heartbeats, name=name, at=now) is not None
