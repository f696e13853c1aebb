"""The end of the audit chain, day by day, and the times somebody looked whether it is whole.

Heads are inserted only, like the chain: with what supervisors have on their phones they show
lines cut off its end, which the chain alone cannot. A look is asked for, and changed when it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    LargeBinary,
    Table,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

audit_heads = Table(
    "audit_head",
    metadata,
    Column("day", Date, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("made_at", utc, nullable=False),
)

audit_checks = Table(
    "audit_check",
    metadata,
    row_id(),
    Column("asked_at", utc, nullable=False),
    Column("asked_by", BigId, ForeignKey("staff.id")),  # None: the worker's daily look
    Column("ended_at", utc),
    Column("lines", BigInteger),
    Column("broken_line", BigInteger),  # None once it ended: the chain is whole
)


def keep_head(tx: Transaction, day: date, number: int, hash: bytes, now: datetime) -> bool:
    """False where the day has its head already."""
    kept = insert_once(tx, audit_heads, day=day, number=number, hash=hash, made_at=now)
    return kept is not None


def has_head(tx: Transaction, day: date) -> bool:
    return tx.execute(select(audit_heads.c.day).where(audit_heads.c.day == day)).first() is not None


def heads(tx: Transaction, limit: int | None = None) -> Sequence[Found]:
    """Newest first."""
    return tx.execute(select(audit_heads).order_by(audit_heads.c.day.desc()).limit(limit)).all()


def ask_check(tx: Transaction, staff_id: int | None, now: datetime) -> None:
    """Somebody wants to know whether the chain is whole; a worker looks."""
    tx.execute(insert(audit_checks), {"asked_at": now, "asked_by": staff_id})


def waiting_check(tx: Transaction) -> Found | None:
    """The newest of those who wait."""
    waits = audit_checks.c.ended_at.is_(None)
    newest = select(audit_checks).where(waits).order_by(audit_checks.c.id.desc()).limit(1)
    return tx.execute(newest).first()


def end_checks(tx: Transaction, upto: int, lines: int, broken: int | None, now: datetime) -> None:
    """One look answers everybody who had asked by then."""
    tx.execute(
        update(audit_checks)
        .where(audit_checks.c.ended_at.is_(None), audit_checks.c.id <= upto)
        .values(ended_at=now, lines=lines, broken_line=broken)
    )


def last_check(tx: Transaction) -> Found | None:
    """The newest look that has ended."""
    ended = audit_checks.c.ended_at.is_not(None)
    newest = select(audit_checks).where(ended).order_by(audit_checks.c.id.desc()).limit(1)
    return tx.execute(newest).first()
