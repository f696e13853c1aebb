"""A legal hold: nothing of this case is forgotten until somebody else lifts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    exists,
    select,
    update,
)

from hotline.storage.case import cases
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

holds = Table(
    "legal_hold",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),  # by the key of the case
    Column("placed_by", BigId, ForeignKey("staff.id"), nullable=False),
    Column("placed_at", utc, nullable=False),
    Column("until", utc, nullable=False),  # to be looked at again by then; it holds on all the same
    Column("lifted_by", BigId, ForeignKey("staff.id")),
    Column("lifted_at", utc),
)
_HOLDS = holds.c.lifted_at.is_(None)
Index("hold_of_case", holds.c.case_id, unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS)


def is_held() -> ColumnElement[bool]:
    """In a question about `cases`: whether somebody holds the case."""
    return exists().where(holds.c.case_id == cases.c.id, _HOLDS)


def case_to_hold(tx: Transaction, ref: str) -> Found | None:
    """The case, locked: who forgets it just now comes first, and then there is nothing to hold."""
    return tx.execute(select(cases).where(cases.c.ref == ref).with_for_update()).first()


def place_hold(tx: Transaction, **values: Any) -> bool:
    """False when the case is held already."""
    return insert_once(tx, holds, **values) is not None


def lift_hold(tx: Transaction, hold_id: int, staff_id: int, now: datetime) -> bool:
    """Only by somebody else than who placed it; False when it is not theirs, or lifted."""
    done = tx.execute(
        update(holds)
        .where(holds.c.id == hold_id, holds.c.placed_by != staff_id, _HOLDS)
        .values(lifted_by=staff_id, lifted_at=now)
    )
    return done.rowcount == 1


def get_hold(tx: Transaction, hold_id: int) -> Found | None:
    return tx.execute(
        select(holds, cases.c.ref)
        .join(cases, cases.c.id == holds.c.case_id)
        .where(holds.c.id == hold_id)
    ).first()


def list_holds(tx: Transaction, limit: int = 200) -> Sequence[Found]:
    """Those in force, the one to be looked at first in front."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(
            holds.c.id,
            holds.c.placed_by,
            holds.c.placed_at,
            holds.c.until,
            cases.c.ref,
            staff.c.name.label("placed_by_name"),
        )
        .join(cases, cases.c.id == holds.c.case_id)
        .join(staff, staff.c.id == holds.c.placed_by)
        .where(_HOLDS)
        .order_by(holds.c.until, holds.c.id)
        .limit(limit)
    ).all()
