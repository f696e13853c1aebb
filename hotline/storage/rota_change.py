"""Who changed which time of the rota: so that whoever looked before that learns of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, func, insert, select

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

rota_changes = Table(
    "rota_change",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),  # who changed it
    Column("starts_at", utc, nullable=False),
    Column("ends_at", utc, nullable=False),
    Column("at", utc, nullable=False),
)


def note_change(
    tx: Transaction, staff_id: int, starts_at: datetime, ends_at: datetime, now: datetime
) -> None:
    values = {"staff_id": staff_id, "starts_at": starts_at, "ends_at": ends_at, "at": now}
    tx.execute(insert(rota_changes), values)


def last_change(tx: Transaction) -> int:
    """The number of the newest change: what a page shows is as new as that. 0: there was none."""
    return int(tx.execute(select(func.max(rota_changes.c.id))).scalar() or 0)


def changes_since(
    tx: Transaction, seen: int, starts_at: datetime, ends_at: datetime, but: int
) -> Sequence[Found]:
    """What others than `but` changed of this span after the change `seen`, newest first."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(rota_changes, staff.c.name)
        .join(staff, staff.c.id == rota_changes.c.staff_id)
        .where(
            rota_changes.c.id > seen,
            rota_changes.c.staff_id != but,
            rota_changes.c.starts_at < ends_at,
            rota_changes.c.ends_at > starts_at,
        )
        .order_by(rota_changes.c.id.desc())
        .limit(20)
    ).all()
