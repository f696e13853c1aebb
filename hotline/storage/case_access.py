"""A case opened with a written reason by somebody who does not have it, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, insert, select

from hotline.storage.case import cases
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

case_accesses = Table(
    "case_access",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),  # by the key of the case
    Column("at", utc, nullable=False),
    Column("expires_at", utc, nullable=False),
    Index("access_of_case", "case_id", "staff_id", "expires_at"),
    Index("access_by_time", "at"),
)


def add_access(
    tx: Transaction,
    case_id: int,
    staff_id: int,
    reason: bytes,
    now: datetime,
    expires: datetime,
) -> None:
    tx.execute(
        insert(case_accesses),
        {
            "case_id": case_id,
            "staff_id": staff_id,
            "reason_sealed": reason,
            "at": now,
            "expires_at": expires,
        },
    )


def open_until(tx: Transaction, case_id: int, staff_id: int, now: datetime) -> datetime | None:
    """Until when this person may read the case for their reason; None: not now."""
    found: datetime | None = tx.execute(
        select(case_accesses.c.expires_at)
        .where(
            case_accesses.c.case_id == case_id,
            case_accesses.c.staff_id == staff_id,
            case_accesses.c.expires_at > now,
        )
        .order_by(case_accesses.c.expires_at.desc())
        .limit(1)
    ).scalar()
    return found


def has_opened(tx: Transaction, case_id: int, staff_id: int) -> bool:
    """Whether this person ever opened the case with a reason."""
    theirs = (case_accesses.c.case_id == case_id, case_accesses.c.staff_id == staff_id)
    return tx.execute(select(case_accesses.c.id).where(*theirs).limit(1)).first() is not None


def accesses_since(tx: Transaction, since: datetime, limit: int = 50) -> Sequence[Found]:
    """Who opened which case: `ref`, `staff_name`, `at`, `expires_at`; newest first, no reason."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(
            case_accesses.c.at,
            case_accesses.c.expires_at,
            case_accesses.c.staff_id,
            cases.c.ref,
            cases.c.kind,
            staff.c.name.label("staff_name"),
        )
        .join(cases, cases.c.id == case_accesses.c.case_id)
        .join(staff, staff.c.id == case_accesses.c.staff_id)
        .where(case_accesses.c.at >= since)
        .order_by(case_accesses.c.at.desc(), case_accesses.c.id.desc())
        .limit(limit)
    ).all()
