"""A shift: from when to when a staff member is on call, and in which place of the ladder."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    bindparam,
    insert,
    select,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, row_id, utc

shifts = Table(
    "shift",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", utc, nullable=False),
    Column("ends_at", utc, nullable=False),
    Column("place", Integer, nullable=False, default=1),  # 1 is paged first
    Index("shift_by_time", "ends_at", "starts_at"),
)


def add_shift(
    tx: Transaction, staff_id: int, starts_at: datetime, ends_at: datetime, place: int = 1
) -> None:
    tx.execute(
        insert(shifts),
        {"staff_id": staff_id, "starts_at": starts_at, "ends_at": ends_at, "place": place},
    )


def staff_on_call(tx: Transaction, now: datetime) -> list[int]:
    """The ids of active staff on call at `now`, first place first, nobody twice."""
    return list(dict.fromkeys(tx.execute(_on_call(), {"now": now}).scalars()))


@cache
def _on_call() -> Select[Any]:
    """Made at the first use, when the table of the staff is known too."""
    staff = metadata.tables["staff"]
    now: BindParameter[datetime] = bindparam("now")
    return (
        select(shifts.c.staff_id)
        .join(staff, staff.c.id == shifts.c.staff_id)
        .where(shifts.c.starts_at <= now, shifts.c.ends_at > now, staff.c.active.is_(True))
        .order_by(shifts.c.place, shifts.c.id)
    )
