"""The audit chain: who did what to which case. Insert only; each line seals the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    String,
    Table,
    insert,
    select,
    text,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, utc

_ONE_WRITER = 7_117_1280  # PostgreSQL advisory lock: lines are added one after the other

audit_lines = Table(
    "audit_line",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", utc, nullable=False),
    Column("actor", String(48), nullable=False),  # staff:3, caller, worker, command
    Column("action", String(48), nullable=False),
    Column("object", String(64), nullable=False),  # case:K7M4Q
    Column("detail", String(96), nullable=False, default=""),  # codes and field names, no values
    Column("hash", LargeBinary(32), nullable=False),
)

_LAST = select(audit_lines).order_by(audit_lines.c.number.desc()).limit(1)
_ADD = insert(audit_lines)


def last_line(tx: Transaction) -> Found | None:
    """The end of the chain, which nobody else may lengthen before this transaction is over."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
    return tx.execute(_LAST).first()


def add_line(
    tx: Transaction,
    *,
    number: int,
    at: datetime,
    actor: str,
    action: str,
    object: str,
    detail: str,
    hash: bytes,
) -> None:
    tx.execute(
        _ADD,
        {
            "number": number,
            "at": at,
            "actor": actor,
            "action": action,
            "object": object,
            "detail": detail,
            "hash": hash,
        },
    )


def all_lines(tx: Transaction) -> Iterator[Found]:
    yield from tx.execute(select(audit_lines).order_by(audit_lines.c.number)).yield_per(1000)
