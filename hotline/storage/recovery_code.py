"""Codes on paper for who lost the second factor: keyed hashes, each good once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    LargeBinary,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, row_id, utc

recovery_codes = Table(
    "recovery_code",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("code_hash", LargeBinary(16), nullable=False),
    Column("made_at", utc, nullable=False),
    Column("used_at", utc),
    UniqueConstraint("staff_id", "code_hash"),
)

_OURS = recovery_codes.c


def put_recovery_codes(
    tx: Transaction, staff_id: int, hashes: Iterable[bytes], now: datetime
) -> None:
    """In place of all that were made before."""
    remove_recovery_codes(tx, staff_id)
    rows = [{"staff_id": staff_id, "code_hash": one, "made_at": now} for one in hashes]
    tx.execute(insert(recovery_codes), rows)


def take_recovery_code(
    tx: Transaction, staff_id: int, hashes: Iterable[bytes], now: datetime
) -> bool:
    """Use up the code with one of these hashes; False where none is left of it."""
    fits = (_OURS.staff_id == staff_id) & _OURS.code_hash.in_(list(hashes))
    unused = fits & _OURS.used_at.is_(None)
    return tx.execute(update(recovery_codes).where(unused).values(used_at=now)).rowcount > 0


def count_recovery_codes(tx: Transaction, staff_id: int) -> int:
    left = (_OURS.staff_id == staff_id) & _OURS.used_at.is_(None)
    return tx.execute(select(func.count()).where(left)).scalar_one()


def remove_recovery_codes(tx: Transaction, staff_id: int) -> None:
    tx.execute(delete(recovery_codes).where(_OURS.staff_id == staff_id))
