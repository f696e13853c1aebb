"""Who tried to get into the desk, or to prove who they are. Names and addresses as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, delete, func, select
from sqlalchemy import update as change

from hotline.storage.database import Transaction
from hotline.storage.tables import metadata, row_id, utc
from hotline.storage.writing import insert_row

sign_in_attempts = Table(
    "sign_in_attempt",
    metadata,
    row_id(),
    Column("name_hash", LargeBinary(16), nullable=False),
    Column("address_hash", LargeBinary(16), nullable=False),
    Column("at", utc, nullable=False),
    Column("succeeded", Boolean, nullable=False, default=False),
    Index("sign_in_by_name", "name_hash", "at"),
    Index("sign_in_by_address", "address_hash", "at"),
)


def note_sign_in(tx: Transaction, name_hash: bytes, address_hash: bytes, now: datetime) -> int:
    """Count a try before it is checked, so that a crash never gives a free one."""
    who = {"name_hash": name_hash, "address_hash": address_hash}
    return insert_row(tx, sign_in_attempts, **who, at=now, succeeded=False)


def mark_signed_in(tx: Transaction, attempt_id: int) -> None:
    tx.execute(
        change(sign_in_attempts).where(sign_in_attempts.c.id == attempt_id).values(succeeded=True)
    )


def forget_sign_in(tx: Transaction, attempt_id: int) -> None:
    """A try that was turned away without being checked."""
    tx.execute(delete(sign_in_attempts).where(sign_in_attempts.c.id == attempt_id))


def failed_sign_ins(
    tx: Transaction, name_hash: bytes, address_hash: bytes, since: datetime
) -> tuple[int, int]:
    """Failed tries since then: for this name, and from this address."""
    failed = sign_in_attempts.c.succeeded.is_(False) & (sign_in_attempts.c.at >= since)
    by_name = select(func.count()).where(failed, sign_in_attempts.c.name_hash == name_hash)
    by_address = select(func.count()).where(failed, sign_in_attempts.c.address_hash == address_hash)
    return tx.execute(by_name).scalar_one(), tx.execute(by_address).scalar_one()
