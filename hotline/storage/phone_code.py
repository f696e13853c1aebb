"""A code that was texted to a staff phone, to see whose it is. Only a keyed hash of it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    func,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

phone_codes = Table(
    "phone_code",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("phone_index", LargeBinary(16), nullable=False),  # the phone it was sent to
    Column("code_hash", LargeBinary(16), nullable=False),
    Column("made_at", utc, nullable=False),
    Column("expires_at", utc, nullable=False),
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
    Column("ended_at", utc),  # used, or taken back
    Index("phone_code_of_staff", "staff_id", "made_at"),
)


def add_code(
    tx: Transaction,
    staff_id: int,
    phone_index: bytes,
    code_hash: bytes,
    now: datetime,
    expires: datetime,
) -> int:
    """A new code; its id."""
    return insert_row(
        tx,
        phone_codes,
        staff_id=staff_id,
        phone_index=phone_index,
        code_hash=code_hash,
        made_at=now,
        expires_at=expires,
        tries=0,
    )


def count_codes(tx: Transaction, staff_id: int, since: datetime) -> int:
    """How many codes were made for this person since then, whatever became of them."""
    counted = select(func.count()).where(
        phone_codes.c.staff_id == staff_id, phone_codes.c.made_at > since
    )
    return int(tx.execute(counted).scalar_one())


def open_code(tx: Transaction, staff_id: int, now: datetime) -> Found | None:
    """The code this person may type now."""
    return tx.execute(
        select(phone_codes)
        .where(
            phone_codes.c.staff_id == staff_id,
            phone_codes.c.ended_at.is_(None),
            phone_codes.c.expires_at > now,
        )
        .order_by(phone_codes.c.id.desc())
        .limit(1)
    ).first()


def count_try(tx: Transaction, code_id: int, most: int) -> bool:
    """One more try, before anybody looks whether it is right; False once there were too many.

    The row is held until the request is over, so that tries at one time are counted one by one.
    """
    done = tx.execute(
        update(phone_codes)
        .where(
            phone_codes.c.id == code_id,
            phone_codes.c.tries < most,
            phone_codes.c.ended_at.is_(None),
        )
        .values(tries=phone_codes.c.tries + 1)
    )
    return done.rowcount == 1


def end_codes(tx: Transaction, staff_id: int, now: datetime) -> None:
    """Every code of this person is worth nothing from now on."""
    tx.execute(
        update(phone_codes)
        .where(phone_codes.c.staff_id == staff_id, phone_codes.c.ended_at.is_(None))
        .values(ended_at=now)
    )
