"""A shift: from when to when a staff member is on call, and in which place of the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from hotline.core.rota import HAND, Shift
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

shifts = Table(
    "shift",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", utc, nullable=False),
    Column("ends_at", utc, nullable=False),
    Column("place", Integer, nullable=False, default=1),  # 1 is paged first
    Column("source", String(12), nullable=False, default=HAND, server_default=HAND),
    Column("rotation_id", BigId),  # of table rotation; None: a person made it
    Column("told_start", utc),  # when they were told that it has begun
    Index("shift_by_time", "ends_at", "starts_at"),
    Index("shift_of_staff", "staff_id", "ends_at"),
)


def add_shift(
    tx: Transaction,
    staff_id: int,
    starts_at: datetime,
    ends_at: datetime,
    place: int = 1,
    source: str = HAND,
    rotation_id: int | None = None,
) -> None:
    tx.execute(
        insert(shifts),
        {
            "staff_id": staff_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "place": place,
            "source": source,
            "rotation_id": rotation_id,
        },
    )


def staff_on_call(tx: Transaction, now: datetime) -> list[int]:
    """The ids of reachable staff on call at `now`, first place first, nobody twice."""
    return list(dict.fromkeys(tx.execute(_on_call(), {"now": now}).scalars()))


@cache
def _on_call() -> Select[Any]:
    """Made at the first use, when the table of the staff is known too."""
    staff = metadata.tables["staff"]
    now: BindParameter[datetime] = bindparam("now")
    return (
        select(shifts.c.staff_id)
        .join(staff, staff.c.id == shifts.c.staff_id)
        .where(shifts.c.starts_at <= now, shifts.c.ends_at > now)
        .where(staff.c.active.is_(True), staff.c.phone_lost_at.is_(None))
        .order_by(shifts.c.place, shifts.c.id)
    )


def hold_rota(tx: Transaction) -> None:
    """Nobody else changes the rota until this transaction ends; who only reads goes on reading."""
    if tx.dialect.name == "postgresql":  # a writer of SQLite is alone anyhow
        tx.execute(text("LOCK TABLE shift IN SHARE ROW EXCLUSIVE MODE"))


def list_shifts(tx: Transaction, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """The shifts of active staff that have a part between two moments, in the order of paging."""
    staff = metadata.tables["staff"]
    rows = tx.execute(
        select(shifts)
        .join(staff, staff.c.id == shifts.c.staff_id)
        .where(shifts.c.ends_at > starts_at, shifts.c.starts_at < ends_at, staff.c.active.is_(True))
        .order_by(shifts.c.place, shifts.c.id)
    )
    return [_shift(row) for row in rows]


def shifts_of_staff(tx: Transaction, staff_id: int, since: datetime) -> list[Shift]:
    """What one person has not left behind at `since`, in order of time."""
    rows = tx.execute(
        select(shifts)
        .where(shifts.c.staff_id == staff_id, shifts.c.ends_at > since)
        .order_by(shifts.c.starts_at, shifts.c.place)
    )
    return [_shift(row) for row in rows]


def find_shift(tx: Transaction, shift_id: int) -> Shift | None:
    row = tx.execute(select(shifts).where(shifts.c.id == shift_id)).first()
    return _shift(row) if row is not None else None


def _shift(row: Found) -> Shift:
    return Shift(
        row.staff_id, row.starts_at, row.ends_at, row.place, row.source, row.rotation_id, row.id
    )


def keep_shift(tx: Transaction, shift: Shift) -> None:
    """Write a shift down: a new one where it has no id, else its new times.

    Who was told of a start that is now another one is told again.
    """
    if shift.id is None:
        values = (shift.staff_id, shift.starts_at, shift.ends_at, shift.place)
        add_shift(tx, *values, shift.source, shift.rotation_id)
        return
    tx.execute(
        update(shifts)
        .where(shifts.c.id == shift.id)
        .values(
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            told_start=case((shifts.c.starts_at == shift.starts_at, shifts.c.told_start)),
        )
    )


def remove_shift(tx: Transaction, shift_id: int) -> None:
    tx.execute(delete(shifts).where(shifts.c.id == shift_id))


def shifts_to_tell(tx: Transaction, now: datetime, patience: timedelta) -> Sequence[Found]:
    """Shifts that began no longer than `patience` ago and whose people were not told."""
    return tx.execute(
        select(shifts)
        .where(
            shifts.c.ends_at > now,
            shifts.c.starts_at <= now,
            shifts.c.starts_at > now - patience,
            shifts.c.told_start.is_(None),
        )
        .order_by(shifts.c.id)
    ).all()


def mark_told(tx: Transaction, shift_id: int, now: datetime) -> bool:
    """False when another worker was quicker."""
    done = tx.execute(
        update(shifts)
        .where(shifts.c.id == shift_id, shifts.c.told_start.is_(None))
        .values(told_start=now)
    )
    return done.rowcount == 1


def has_shifts(tx: Transaction) -> bool:
    """Whether anybody was ever given a shift."""
    return tx.execute(select(shifts.c.id).limit(1)).first() is not None


def last_end(tx: Transaction, now: datetime) -> datetime | None:
    """When the shift of active staff that ended last came to its end; None: there was none."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(func.max(shifts.c.ends_at))
        .join(staff, staff.c.id == shifts.c.staff_id)
        .where(shifts.c.ends_at <= now, staff.c.active.is_(True))
    ).scalar()
