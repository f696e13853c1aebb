"""A rotation: whose turn it is, from which the shifts of the coming weeks are made."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import JSON, Column, Date, Integer, String, Table, select, update

from hotline.core.rotation import Rotation
from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

rotations = Table(
    "rotation",
    metadata,
    row_id(),
    Column("people", JSON, nullable=False),  # staff ids in order
    Column("every", String(8), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("from_time", String(5), nullable=False),  # "08:00", by the clocks of `zone`
    Column("until_time", String(5), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("days", String(8), nullable=False),
    Column("zone", String(40), nullable=False),
    Column("place", Integer, nullable=False),
    Column("created_at", utc, nullable=False),
    Column("ended_at", utc),
)


def add_rotation(tx: Transaction, rotation: Rotation, now: datetime) -> int:
    """The number of the new rotation."""
    return insert_row(
        tx,
        rotations,
        people=list(rotation.people),
        every=rotation.every,
        starts_on=rotation.starts_on,
        from_time=f"{rotation.from_time:%H:%M}",
        until_time=f"{rotation.until_time:%H:%M}",
        weekday=rotation.weekday,
        days=rotation.days,
        zone=rotation.zone,
        place=rotation.place,
        created_at=now,
    )


def list_rotations(tx: Transaction) -> list[Rotation]:
    """The rotations that go on."""
    rows = tx.execute(
        select(rotations).where(rotations.c.ended_at.is_(None)).order_by(rotations.c.id)
    )
    return [_rotation(row) for row in rows]


def end_rotation(tx: Transaction, rotation_id: int, now: datetime) -> bool:
    """False where there is none with this number that goes on."""
    done = tx.execute(
        update(rotations)
        .where(rotations.c.id == rotation_id, rotations.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return done.rowcount == 1


def _rotation(row: Found) -> Rotation:
    return Rotation(
        people=tuple(row.people),
        every=row.every,
        starts_on=row.starts_on,
        from_time=time.fromisoformat(row.from_time),
        until_time=time.fromisoformat(row.until_time),
        weekday=row.weekday,
        days=row.days,
        zone=row.zone,
        place=row.place,
        id=row.id,
    )
