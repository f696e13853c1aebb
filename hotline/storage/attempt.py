"""An attempt: one try to call a caller back, with its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    insert,
    select,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

OUTCOMES = ("reached", "no_answer", "busy", "wrong_person", "asked_later", "unsafe")

attempts = Table(
    "attempt",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("at", utc, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("note_sealed", LargeBinary),
    Index("attempt_of_case", "case_id", "at"),
)


def add_attempt(
    tx: Transaction, case_id: int, staff_id: int, outcome: str, note: bytes | None, now: datetime
) -> None:
    tx.execute(
        insert(attempts),
        {
            "case_id": case_id,
            "staff_id": staff_id,
            "at": now,
            "outcome": outcome,
            "note_sealed": note,
        },
    )


def last_attempts_of(tx: Transaction, case_id: int, limit: int = 10) -> Sequence[Found]:
    """The newest few, oldest of them first: enough to know whether to try again, and when."""
    newest = (
        select(attempts.c.at, attempts.c.outcome)
        .where(attempts.c.case_id == case_id)
        .order_by(attempts.c.at.desc(), attempts.c.id.desc())
        .limit(limit)
    )
    return list(reversed(tx.execute(newest).all()))


def attempts_between(
    tx: Transaction, case_id: int, since: datetime, until: datetime
) -> Sequence[Found]:
    """Those of a stretch of the timeline, both ends included, in the order they were made."""
    return tx.execute(
        select(attempts)
        .where(attempts.c.case_id == case_id, attempts.c.at >= since, attempts.c.at <= until)
        .order_by(attempts.c.id)
    ).all()


def attempts_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    staff = metadata.tables["staff"]
    return tx.execute(
        select(attempts, staff.c.name.label("staff_name"))
        .join(staff, staff.c.id == attempts.c.staff_id)
        .where(attempts.c.case_id == case_id)
        .order_by(attempts.c.id)
    ).all()
