"""Cases that are not closed by what must happen to them next, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, case, func, literal, select, true, tuple_

from hotline.storage.case import IS_NOT_CLOSED, OPEN, cases
from hotline.storage.case_search import Place, cases_for_list
from hotline.storage.database import Transaction
from hotline.storage.follow_up import follow_ups
from hotline.storage.tables import Found, utc

URGENT = ("P0", "P1")

# All that the list asks of a case that is not closed, so that it reads this and not the cases.
Index(
    "case_to_do",
    cases.c.id,
    cases.c.state,
    cases.c.claimed_by,
    cases.c.priority,
    cases.c.opened_at,
    cases.c.claim_due_at,
    cases.c.attempt_due_at,
    sqlite_where=IS_NOT_CLOSED,
    postgresql_where=IS_NOT_CLOSED,
)
_NEXT = follow_ups.c.ended_at.is_(None)
_DUE: ColumnElement[Any] = case(
    (cases.c.state == OPEN, func.coalesce(cases.c.claim_due_at, cases.c.opened_at, type_=utc)),
    else_=func.coalesce(follow_ups.c.due_at, cases.c.attempt_due_at, cases.c.opened_at, type_=utc),
)


class Whose(StrEnum):
    """Which of the cases a list is about."""

    ALL = "all"
    MINE = "mine"
    NOBODYS = "nobody"


@dataclass(frozen=True, slots=True)
class Next:
    """A case of the list: its row, what must happen (None: somebody must take it), by when."""

    case: Found
    what: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class HowMany:
    """Of all cases that are not closed."""

    all: int
    mine: int
    nobodys: int
    late: int
    urgent: int  # P0 and P1 that nobody has


def due_cases(
    tx: Transaction, whose: Whose, staff_id: int, after: Place | None, limit: int
) -> list[Next]:
    """What is due first comes first, and what is long overdue before that."""
    found = tx.execute(due_first(whose, staff_id, after, limit)).all()
    rows: Sequence[Any] = cases_for_list(tx, [row.id for row in found])
    known = {row.id: row for row in rows}
    return [
        Next(known[row.id], row.what if known[row.id].state != OPEN else None, row.due)
        for row in found
        if row.id in known
    ]


def due_first(whose: Whose, staff_id: int, after: Place | None, limit: int) -> Select[Any]:
    due = _DUE.label("due")
    asked = [IS_NOT_CLOSED, _of(whose, staff_id)]
    if after is not None:
        asked.append(tuple_(_DUE, cases.c.id) > tuple_(literal(after[0], utc), literal(after[1])))
    return (
        select(cases.c.id, due, follow_ups.c.what)
        .select_from(_with_next())
        .where(*asked)
        .order_by(due, cases.c.id)
        .limit(limit)
    )


def count_due(tx: Transaction, staff_id: int, now: datetime) -> HowMany:
    nobodys = cases.c.state == OPEN
    found = tx.execute(
        select(
            func.count(),
            _sum(cases.c.claimed_by == staff_id),
            _sum(nobodys),
            _sum(now >= _DUE),
            _sum(nobodys & cases.c.priority.in_(URGENT)),
        )
        .select_from(_with_next())
        .where(IS_NOT_CLOSED)
    ).one()
    return HowMany(*(int(number or 0) for number in found))


def _with_next() -> Any:
    return cases.outerjoin(follow_ups, (follow_ups.c.case_id == cases.c.id) & _NEXT)


def _of(whose: Whose, staff_id: int) -> ColumnElement[bool]:
    if whose is Whose.MINE:
        return cases.c.claimed_by == staff_id
    return cases.c.state == OPEN if whose is Whose.NOBODYS else true()


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
