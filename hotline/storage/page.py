"""A page: an alert about a case to one staff member, and the code they answer it with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

pages = Table(
    "page",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("code", Integer, nullable=False),
    Column("sent_at", utc, nullable=False),
    Column("expires_at", utc, nullable=False),
    Column("answer", String(16)),  # claim, cannot: what this person said to it, if anything
    Column("answered_at", utc),
    Column("held_until", utc),  # not told yet: it waits for the end of quiet hours or for a digest
    Index("page_of_staff", "staff_id", "expires_at"),
    UniqueConstraint("case_id", "staff_id"),
)

Index(
    "page_held",
    pages.c.held_until,
    sqlite_where=pages.c.held_until.is_not(None),
    postgresql_where=pages.c.held_until.is_not(None),
)

_IN_USE = select(pages.c.code, pages.c.case_id).where(
    pages.c.staff_id == bindparam("staff_id"), pages.c.expires_at > bindparam("now")
)
_OF_BOTH = select(pages).where(
    pages.c.case_id == bindparam("case_id"), pages.c.staff_id == bindparam("staff_id")
)
_ADD = insert(pages)


def codes_in_use(tx: Transaction, staff_id: int, now: datetime) -> dict[int, int]:
    """Code -> case id of every page of this staff member that has not run out."""
    rows = tx.execute(_IN_USE, {"staff_id": staff_id, "now": now})
    return {row.code: row.case_id for row in rows}


def find_page(tx: Transaction, case_id: int, staff_id: int) -> Found | None:
    return tx.execute(_OF_BOTH, {"case_id": case_id, "staff_id": staff_id}).first()


def add_page(
    tx: Transaction, case_id: int, staff_id: int, code: int, now: datetime, expires: datetime
) -> None:
    tx.execute(
        _ADD,
        {
            "case_id": case_id,
            "staff_id": staff_id,
            "code": code,
            "sent_at": now,
            "expires_at": expires,
        },
    )


def renew_page(tx: Transaction, page_id: int, code: int, now: datetime, expires: datetime) -> None:
    tx.execute(
        pages.update()
        .where(pages.c.id == page_id)
        .values(code=code, sent_at=now, expires_at=expires)
    )


def staff_paged_for(tx: Transaction, case_id: int) -> Sequence[int]:
    return (
        tx.execute(select(pages.c.staff_id).where(pages.c.case_id == case_id).order_by(pages.c.id))
        .scalars()
        .all()
    )


def note_answer(tx: Transaction, case_id: int, staff_id: int, answer: str, now: datetime) -> None:
    """What this person said to the page; nothing where they were never paged for it."""
    tx.execute(
        pages.update()
        .where(pages.c.case_id == case_id, pages.c.staff_id == staff_id)
        .values(answer=answer, answered_at=now, held_until=None)
    )


def count_claims(tx: Transaction, case_id: int) -> int:
    """How many people said that they take it."""
    claims = select(func.count()).where(pages.c.case_id == case_id, pages.c.answer == "claim")
    return int(tx.execute(claims).scalar() or 0)
