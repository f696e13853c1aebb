"""The secret address of a staff member's calendar. Only a hash of the secret is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, insert, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, row_id, utc

calendar_addresses = Table(
    "calendar_address",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", utc, nullable=False),
    Column("revoked_at", utc),
    Index("calendar_of_staff", "staff_id"),
)


def add_address(tx: Transaction, staff_id: int, token_hash: bytes, now: datetime) -> None:
    tx.execute(
        insert(calendar_addresses),
        {"staff_id": staff_id, "token_hash": token_hash, "created_at": now},
    )


def revoke_addresses(tx: Transaction, staff_id: int, now: datetime) -> int:
    """How many addresses of this person are worth nothing from now on."""
    return tx.execute(
        update(calendar_addresses)
        .where(calendar_addresses.c.staff_id == staff_id, calendar_addresses.c.revoked_at.is_(None))
        .values(revoked_at=now)
    ).rowcount


def staff_at(tx: Transaction, token_hash: bytes) -> int | None:
    """Whose calendar it is; None for a revoked or unknown address, or one of somebody who left."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(calendar_addresses.c.staff_id)
        .join(staff, staff.c.id == calendar_addresses.c.staff_id)
        .where(
            calendar_addresses.c.token_hash == token_hash,
            calendar_addresses.c.revoked_at.is_(None),
            staff.c.active.is_(True),
        )
    ).scalar()
