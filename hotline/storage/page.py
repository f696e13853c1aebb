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
    case,
    func,
    insert,
    select,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

ANY_CODE = 1
"""Of a page that nobody was told of yet: it gets its own when it goes out."""

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
_ANSWERS = select(pages.c.staff_id, pages.c.answer).where(
    pages.c.case_id == bindparam("case_id"), pages.c.answer.is_not(None)
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
        .values(code=code, sent_at=now, expires_at=expires, held_until=None)
    )


def staff_paged_for(tx: Transaction, case_id: int) -> Sequence[int]:
    """Who was told of this case by name; not those whose page was only held or counted."""
    return (
        tx.execute(
            select(pages.c.staff_id)
            .where(pages.c.case_id == case_id, pages.c.expires_at > pages.c.sent_at)
            .order_by(pages.c.id)
        )
        .scalars()
        .all()
    )


def hold_page(tx: Transaction, case_id: int, staff_id: int, now: datetime, until: datetime) -> bool:
    """Page this person at `until`, or when they were to be paged anyway; whether that is new.

    The code they answer with is given out when they are told; one that they know stays good.
    """
    known = find_page(tx, case_id, staff_id)
    if known is None:
        add_page(tx, case_id, staff_id, ANY_CODE, now, now)
        known = find_page(tx, case_id, staff_id)
        assert known is not None
    is_new = known.held_until is None
    expires = known.expires_at if known.expires_at > now else now
    values = {
        "sent_at": now,
        "expires_at": expires,
        "held_until": until if is_new else min(until, known.held_until),
    }
    tx.execute(pages.update().where(pages.c.id == known.id).values(**values))
    return is_new


def last_told(tx: Transaction, staff_id: int) -> tuple[datetime | None, bool]:
    """When this person was last told of any case, and whether a page is held for them."""
    found = tx.execute(
        select(
            func.max(pages.c.sent_at).filter(pages.c.held_until.is_(None)),
            func.count(pages.c.held_until),
        ).where(pages.c.staff_id == staff_id)
    ).one()
    return found[0], found[1] > 0


def staff_with_due_pages(tx: Transaction, now: datetime) -> Sequence[int]:
    """Who has held pages that are due, in the order they were added."""
    due = select(pages.c.staff_id).where(pages.c.held_until <= now).distinct()
    return tx.execute(due.order_by(pages.c.staff_id)).scalars().all()


def take_held(tx: Transaction, staff_id: int, now: datetime) -> Sequence[Found]:
    """This person's due pages, held no more: whoever takes them first has to tell."""
    return tx.execute(
        pages.update()
        .where(pages.c.staff_id == staff_id, pages.c.held_until <= now)
        .values(held_until=None)
        .returning(pages.c.id, pages.c.case_id, pages.c.sent_at)
    ).all()


def note_told(tx: Transaction, staff_id: int, case_ids: Sequence[int], now: datetime) -> None:
    """This person was told that these cases wait, not which: no code of theirs answers them."""
    tx.execute(
        pages.update()
        .where(pages.c.staff_id == staff_id, pages.c.case_id.in_(case_ids))
        .values(sent_at=now, expires_at=now)
    )


def note_answer(tx: Transaction, case_id: int, staff_id: int, answer: str, now: datetime) -> None:
    """What this person said to the page; nothing where they were never paged for it."""
    tx.execute(
        pages.update()
        .where(pages.c.case_id == case_id, pages.c.staff_id == staff_id)
        .values(answer=answer, answered_at=now, held_until=None)
    )


def answers_of(tx: Transaction, case_id: int) -> dict[int, str]:
    """What the people who were paged have said so far: staff id -> claim or cannot."""
    return {row.staff_id: row.answer for row in tx.execute(_ANSWERS, {"case_id": case_id})}


def forget_answers(tx: Transaction, case_id: int) -> None:
    """Everybody is asked anew."""
    tx.execute(
        pages.update().where(pages.c.case_id == case_id).values(answer=None, answered_at=None)
    )


def void_pages(tx: Transaction, staff_id: int, now: datetime) -> Sequence[int]:
    """No code and no held page of this person is worth anything any more; of which cases."""
    is_open = (pages.c.expires_at > now) | pages.c.held_until.is_not(None)
    return (
        tx.execute(
            pages.update()
            .where(pages.c.staff_id == staff_id, is_open)
            .values(
                expires_at=case((pages.c.expires_at > now, now), else_=pages.c.expires_at),
                held_until=None,
            )
            .returning(pages.c.case_id)
        )
        .scalars()
        .all()
    )
