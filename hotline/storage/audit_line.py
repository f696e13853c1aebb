"""The audit chain: who did what to which case. Insert only; each line seals the one before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
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
    Index("audit_line_by_actor", "actor", "number"),
    Index("audit_line_by_object", "object", "number"),
    Index("audit_line_by_action", "action", "number"),
    Index("audit_line_by_time", "at"),
)
"""Triggers (migration 0017) refuse every change and removal, on either engine."""

_LAST = select(audit_lines).order_by(audit_lines.c.number.desc()).limit(1)
_ADD = insert(audit_lines)


def last_line(tx: Transaction) -> Found | None:
    """The end of the chain, which nobody else may lengthen before this transaction is over."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
    return tx.execute(_LAST).first()


def add_lines(tx: Transaction, lines: Sequence[Mapping[str, Any]]) -> None:
    """Each with all its columns, in their order."""
    tx.execute(_ADD, lines)


def all_lines(tx: Transaction) -> Iterator[Found]:
    yield from tx.execute(select(audit_lines).order_by(audit_lines.c.number)).yield_per(1000)


def find_lines(
    tx: Transaction,
    *,
    actors: Collection[str] = (),
    actions: Collection[str] = (),
    object: str | None = None,
    since: datetime | None = None,
    before_time: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[Found]:
    """Lines that fit all that is given, newest first; `before`: only those with a lower number.

    `actors` and `actions`: any one of these; empty: whichever it is.
    """
    query = select(audit_lines).order_by(audit_lines.c.number.desc()).limit(limit)
    any_of = {"actor": actors, "action": actions, "object": (object,) if object else ()}
    for name, values in any_of.items():
        if values:
            query = query.where(audit_lines.c[name].in_(values))
    if since is not None or before_time is not None:
        query = query.where(audit_lines.c.number.between(*_numbers(tx, since, before_time)))
    if before is not None:
        query = query.where(audit_lines.c.number < before)
    return tx.execute(query).all()


def _numbers(tx: Transaction, since: datetime | None, before: datetime | None) -> tuple[int, int]:
    """The first and last number written in this time: numbers grow with it, and are cheaper."""
    at, number = audit_lines.c.at, audit_lines.c.number
    first, last = (
        select(number).order_by(at, number),
        select(number).order_by(at.desc(), number.desc()),
    )
    low = tx.execute(first.where(at >= since).limit(1)).scalar() if since else 0
    high = tx.execute(last.where(at < before).limit(1)).scalar() if before else 2**62
    return (low if low is not None else 2**62, high if high is not None else 0)
