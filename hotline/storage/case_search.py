"""Cases found again by what is plain about them: never by what a caller told.

A question is asked in arms: one for each state, and for each place or category that lies in the one
asked for. Each arm is a stretch of one index, in the order of the list, and gives a page at most;
so the time does not grow with the number of cases, and nothing is sorted but a few pages. That is
so for one criterion, with a state and days. With more of them one is the index, and its cases are
looked through for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Select,
    bindparam,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from hotline.storage.case import CLAIMED, CLOSED, IS_NOT_CLOSED, OPEN, cases
from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, utc

STATES = (OPEN, CLAIMED, CLOSED)
Place = tuple[datetime, int]
"""Where a list goes on: the opening and the id of the last case that was shown."""

_SHOWN = [one for one in cases.c if not one.name.endswith(("_sealed", "number_index"))]

for _name in ("kind", "chi", "place", "outcome"):
    Index(f"case_by_{_name}", cases.c[_name], cases.c.state, cases.c.opened_at, cases.c.id)
Index("case_by_opening", cases.c.state, cases.c.opened_at, cases.c.id)

_IS_KEYED = cases.c.number_index.is_not(None)
Index("case_by_number", cases.c.number_index, sqlite_where=_IS_KEYED, postgresql_where=_IS_KEYED)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked for; empty: whatever it is. A case lies in any one of `places`, of `chi`."""

    state: str | None = None
    kind: str | None = None
    outcome: str | None = None
    places: tuple[str, ...] = ()
    chi: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  # opened before then


def search_cases(
    tx: Transaction, criteria: Criteria, after: Place | None, limit: int
) -> Sequence[Found]:
    """The newest first; `after` begins behind that case."""
    found = [row.id for row in tx.execute(newest_of(criteria, after, limit))]
    return cases_for_list(tx, found)


def cases_of_number(
    tx: Transaction, caller_ids: Sequence[int], indexes: Sequence[bytes], limit: int
) -> Sequence[Found]:
    """Of whoever called from a number, or keyed it to be called back on. The newest first."""
    found = tx.execute(newest_of_number(caller_ids, indexes, limit))
    return cases_for_list(tx, list(found.scalars()))


def newest_of_number(
    caller_ids: Sequence[int], indexes: Sequence[bytes], limit: int
) -> Select[Any]:
    theirs = or_(cases.c.caller_id.in_(caller_ids), cases.c.number_index.in_(indexes))
    newest = (cases.c.opened_at.desc(), cases.c.id.desc())
    return select(cases.c.id).where(theirs).order_by(*newest).limit(limit)


def references_of(tx: Transaction, refs: Sequence[str]) -> list[str]:
    """Those of the references that are cases."""
    return list(
        tx.execute(select(cases.c.ref).where(cases.c.ref.in_(refs)).order_by(cases.c.ref)).scalars()
    )


def list_cases(tx: Transaction, *, closed: bool = False, limit: int = 500) -> Sequence[Found]:
    """Most urgent and oldest first; of the closed ones the newest."""
    wanted = cases.c.state == CLOSED if closed else IS_NOT_CLOSED
    newest = [cases.c.closed_at.desc(), cases.c.id.desc()]
    urgent = [cases.c.priority, cases.c.opened_at, cases.c.id]
    order = newest if closed else urgent
    found = tx.execute(select(cases.c.id).where(wanted).order_by(*order).limit(limit))
    return cases_for_list(tx, list(found.scalars()))


def cases_for_list(tx: Transaction, ids: Sequence[int]) -> Sequence[Found]:
    """What a list shows of these cases, in this order: nothing that is sealed."""
    staff = metadata.tables["staff"]
    rows = tx.execute(
        select(*_SHOWN, staff.c.name.label("claimed_by_name"))
        .select_from(cases.outerjoin(staff, staff.c.id == cases.c.claimed_by))
        .where(cases.c.id.in_(bindparam("ids", expanding=True))),
        {"ids": list(ids)},
    )
    known = {row.id: row for row in rows}
    return [known[one] for one in ids if one in known]


def newest_of(criteria: Criteria, after: Place | None, limit: int) -> Select[Any]:
    """The question for the ids; the tests ask each database how it goes about it."""
    arms = [
        select(arm.c.id, arm.c.opened_at)
        for arm in (_arm(one, criteria, after, limit).subquery() for one in _arms(criteria))
    ]
    found = union_all(*arms).subquery("found")
    return select(found.c.id).order_by(found.c.opened_at.desc(), found.c.id.desc()).limit(limit)


def _arms(criteria: Criteria) -> list[list[ColumnElement[bool]]]:
    """One equality on the first columns of an index each."""
    states = (criteria.state,) if criteria.state is not None else STATES
    if criteria.places:
        column, codes = cases.c.place, criteria.places
    elif criteria.chi:
        column, codes = cases.c.chi, criteria.chi
    else:
        return [[cases.c.state == state] for state in states]
    pairs = product(codes, states)
    return [[column == code, cases.c.state == state] for code, state in pairs]


def _arm(
    equal: list[ColumnElement[bool]], criteria: Criteria, after: Place | None, limit: int
) -> Select[Any]:
    asked = [*equal, *_others(criteria)]
    if after is not None:
        last: tuple[BindParameter[Any], ...] = (literal(after[0], utc), literal(after[1]))
        asked.append(tuple_(cases.c.opened_at, cases.c.id) < tuple_(*last))
    return (
        select(cases.c.id, cases.c.opened_at)
        .where(*asked)
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        .limit(limit)
    )


def _others(criteria: Criteria) -> list[ColumnElement[bool]]:
    rows, asked = cases.c, []
    if criteria.kind is not None:
        asked.append(rows.kind == criteria.kind)
    if criteria.outcome is not None:
        asked.append(rows.outcome == criteria.outcome)
    if criteria.places and criteria.chi:
        asked.append(rows.chi.in_(criteria.chi))
    if criteria.since is not None:
        asked.append(rows.opened_at >= criteria.since)
    if criteria.until is not None:
        asked.append(rows.opened_at < criteria.until)
    return asked
