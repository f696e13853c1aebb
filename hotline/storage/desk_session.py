"""Who is signed in at the desk, and who tried to. Only hashes of tokens and addresses are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

desk_sessions = Table(
    "desk_session",
    metadata,
    row_id(),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("created_at", utc, nullable=False),
    Column("last_seen", utc, nullable=False),
    Column("ended_at", utc),
    Column("passed_at", utc),  # the second factor was shown
    Column("proved_at", utc),  # last time somebody proved who they are
)

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


def begin_session(tx: Transaction, token_hash: bytes, staff_id: int, now: datetime) -> None:
    tx.execute(
        insert(desk_sessions),
        {
            "token_hash": token_hash,
            "staff_id": staff_id,
            "created_at": now,
            "last_seen": now,
            "passed_at": now,
            "proved_at": now,
        },
    )


def find_session(tx: Transaction, token_hash: bytes) -> Found | None:
    """The session that has not been ended, with the staff member's name, role and language."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(desk_sessions, staff.c.name, staff.c.role, staff.c.language)
        .join(staff, staff.c.id == desk_sessions.c.staff_id)
        .where(
            desk_sessions.c.token_hash == token_hash,
            desk_sessions.c.ended_at.is_(None),
            staff.c.active.is_(True),
        )
    ).first()


def touch_session(tx: Transaction, session_id: int, now: datetime) -> None:
    tx.execute(update(desk_sessions).where(desk_sessions.c.id == session_id).values(last_seen=now))


def end_session(tx: Transaction, token_hash: bytes, now: datetime) -> None:
    tx.execute(
        update(desk_sessions)
        .where(desk_sessions.c.token_hash == token_hash, desk_sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions_of(tx: Transaction, staff_id: int, now: datetime) -> int:
    """End every session of one person; how many were going on."""
    return tx.execute(
        update(desk_sessions)
        .where(desk_sessions.c.staff_id == staff_id, desk_sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    ).rowcount


def note_sign_in(tx: Transaction, name_hash: bytes, address_hash: bytes, now: datetime) -> int:
    """Count a try before it is checked, so that a crash never gives a free one."""
    key = tx.execute(
        insert(sign_in_attempts),
        {"name_hash": name_hash, "address_hash": address_hash, "at": now, "succeeded": False},
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def mark_signed_in(tx: Transaction, attempt_id: int) -> None:
    tx.execute(
        update(sign_in_attempts).where(sign_in_attempts.c.id == attempt_id).values(succeeded=True)
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
