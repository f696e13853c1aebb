"""What a phone did before, as times and codes: its last calls, and what became of its cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from hotline.storage.case import CLOSED, cases
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.tables import Found

_CALLS = (
    select(conversations.c.started_at, conversations.c.case_id)
    .where(
        conversations.c.caller_id == bindparam("caller_id"),
        conversations.c.channel == "voice",
    )
    .order_by(conversations.c.id.desc())
    .limit(bindparam("limit"))
)
_ENDED = select(cases.c.closed_at).where(
    cases.c.caller_id == bindparam("caller_id"),
    cases.c.outcome == bindparam("outcome"),
    cases.c.closed_at > bindparam("since"),
)
_OPEN = (
    select(cases.c.id)
    .where(
        cases.c.caller_id == bindparam("caller_id"),
        cases.c.state != CLOSED,
        cases.c.kind != bindparam("besides"),
    )
    .limit(1)
)
_NEWEST = (
    select(cases.c.id, cases.c.state, cases.c.closed_at)
    .where(cases.c.caller_id == bindparam("caller_id"), cases.c.kind == bindparam("kind"))
    .order_by(cases.c.id.desc())
    .limit(1)
)


def last_calls(tx: Transaction, caller_id: int, limit: int) -> Sequence[tuple[datetime, bool]]:
    """When each of the last calls began, newest first, and whether it came to a case."""
    found = tx.execute(_CALLS, {"caller_id": caller_id, "limit": limit})
    return [(row.started_at, row.case_id is not None) for row in found]


def cases_closed_as(
    tx: Transaction, caller_id: int, outcome: str, since: datetime
) -> Sequence[datetime]:
    """When cases of this caller were closed so."""
    given = {"caller_id": caller_id, "outcome": outcome, "since": since}
    return tx.execute(_ENDED, given).scalars().all()


def has_open_case(tx: Transaction, caller_id: int, *, besides: str) -> bool:
    """Whether a case of this caller is open, of another kind than `besides`."""
    return tx.execute(_OPEN, {"caller_id": caller_id, "besides": besides}).first() is not None


def newest_case(tx: Transaction, caller_id: int, kind: str) -> Found | None:
    """The caller's last case of a kind, open or not."""
    return tx.execute(_NEWEST, {"caller_id": caller_id, "kind": kind}).first()
