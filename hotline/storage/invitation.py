"""Who was given a passphrase to begin with: until when it lets in, and that it must be replaced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, delete, insert, select

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, utc

invitations = Table(
    "invitation",
    metadata,
    Column("staff_id", BigId, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    Column("made_at", utc, nullable=False),
    Column("ends_at", utc, nullable=False),
)


def put_invitation(tx: Transaction, staff_id: int, now: datetime, ends_at: datetime) -> None:
    """In place of an older one."""
    forget_invitation(tx, staff_id)
    tx.execute(insert(invitations), {"staff_id": staff_id, "made_at": now, "ends_at": ends_at})


def find_invitation(tx: Transaction, staff_id: int) -> Found | None:
    return tx.execute(select(invitations).where(invitations.c.staff_id == staff_id)).first()


def forget_invitation(tx: Transaction, staff_id: int) -> None:
    tx.execute(delete(invitations).where(invitations.c.staff_id == staff_id))
