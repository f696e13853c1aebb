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


def attempts_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    staff = metadata.tables["staff"]
    return tx.execute(
        select(attempts, staff.c.name.label("staff_name"))
        .join(staff, staff.c.id == attempts.c.staff_id)
        .where(attempts.c.case_id == case_id)
        .order_by(attempts.c.id)
    ).all()
