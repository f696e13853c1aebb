"""Passkeys and security keys of staff: public keys only, with the name their owner gave them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

passkeys = Table(
    "passkey",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("credential_id", LargeBinary(1023), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(40), nullable=False),
    Column("made_at", utc, nullable=False),
    Column("used_at", utc),
    Index("passkey_of_staff", "staff_id"),
)

_OURS = passkeys.c


def add_passkey(tx: Transaction, **values: Any) -> None:
    tx.execute(insert(passkeys), values)


def passkeys_of(tx: Transaction, staff_id: int) -> Sequence[Found]:
    """Oldest first."""
    return tx.execute(select(passkeys).where(_OURS.staff_id == staff_id).order_by(_OURS.id)).all()


def is_known(tx: Transaction, credential_id: bytes) -> bool:
    """Whether anybody has registered it."""
    found = select(_OURS.id).where(_OURS.credential_id == credential_id)
    return tx.execute(found).first() is not None


def note_use(tx: Transaction, passkey_id: int, before: int, count: int, now: datetime) -> bool:
    """Its new count, if the count is still what it was checked against."""
    as_checked = (_OURS.id == passkey_id) & (_OURS.sign_count == before)
    news = update(passkeys).where(as_checked).values(sign_count=count, used_at=now)
    return tx.execute(news).rowcount == 1


def remove_passkey(tx: Transaction, staff_id: int, passkey_id: int) -> bool:
    """False where this person has no such key."""
    theirs = (_OURS.id == passkey_id) & (_OURS.staff_id == staff_id)
    return tx.execute(delete(passkeys).where(theirs)).rowcount == 1


def remove_passkeys(tx: Transaction, staff_id: int) -> int:
    return tx.execute(delete(passkeys).where(_OURS.staff_id == staff_id)).rowcount
