"""What waits longer than it should: the auditor's questions, each answered from a small index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, exists, func, select

from hotline.storage.case import IS_NOT_CLOSED, OPEN, case_events, cases
from hotline.storage.conversation import IS_A_CALL_UNDER_WAY, conversations
from hotline.storage.database import Transaction
from hotline.storage.escalation import escalations
from hotline.storage.follow_up import follow_ups
from hotline.storage.outbox_item import IS_PENDING, IS_SENDING, outbox
from hotline.storage.page import pages
from hotline.storage.recording import EXPECTED, recordings
from hotline.storage.tables import Found


def cases_without_next_step(
    tx: Transaction, late: datetime, far: datetime, case_id: int | None = None, limit: int = 100
) -> Sequence[Found]:
    """Cases that are not closed and that nothing will ever bring up again, oldest first.

    A step that was due before `late` is one that nobody takes; a ladder that sleeps until after
    `far` was put there by a clock that was wrong. `case_id` asks about one case.
    """
    query = lacking(late, far)
    if case_id is not None:
        query = query.where(cases.c.id == case_id)
    return tx.execute(query.order_by(cases.c.id).limit(limit)).all()


def lacking(late: datetime, far: datetime) -> Select[Any]:
    ladder = _of(escalations, escalations.c.ended_at.is_(None), escalations.c.next_at <= far)
    reminder = _of(follow_ups, follow_ups.c.ended_at.is_(None))
    return select(cases.c.id, cases.c.ref, cases.c.state, cases.c.first_attempt_at).where(
        IS_NOT_CLOSED,
        ~ladder.where(escalations.c.next_at > late),
        ~reminder.where(follow_ups.c.next_at > late),
        ~_of(pages, pages.c.held_until > late),
    )


def _of(table: Table, *conditions: ColumnElement[bool]) -> Any:
    return exists().where(table.c.case_id == cases.c.id, *conditions)


def count_late_cases(tx: Transaction, now: datetime) -> int:
    """Cases that somebody should have taken, or done the next thing about, by now."""
    rows = cases.c
    reminder = _of(follow_ups, follow_ups.c.ended_at.is_(None), follow_ups.c.due_at <= now)
    is_late = ((rows.state == OPEN) & (rows.claim_due_at <= now)) | reminder
    return _count(tx, rows.id, IS_NOT_CLOSED, is_late)


def told_since(tx: Transaction, case_ids: Sequence[int], what: str, since: datetime) -> set[int]:
    """Those of the cases that have an event `what` since then."""
    found = select(case_events.c.case_id).where(
        case_events.c.case_id.in_(case_ids), case_events.c.what == what, case_events.c.at >= since
    )
    return set(tx.execute(found).scalars())


def count_due_messages(tx: Transaction, before: datetime) -> int:
    return _count(tx, outbox.c.id, IS_PENDING, outbox.c.next_at < before)


def count_old_leases(tx: Transaction, before: datetime) -> int:
    return _count(tx, outbox.c.id, IS_SENDING, outbox.c.lease_until < before)


def count_unfetched(tx: Transaction, before: datetime) -> int:
    """Voice messages that were spoken before then and are still not here."""
    rows = recordings.c
    return _count(tx, rows.id, rows.state == EXPECTED, rows.created_at < before)


def count_long_calls(tx: Transaction, before: datetime) -> int:
    rows = conversations.c
    return _count(tx, rows.id, IS_A_CALL_UNDER_WAY, rows.started_at < before)


def _count(tx: Transaction, column: ColumnElement[int], *conditions: Any) -> int:
    return int(tx.execute(select(func.count(column)).where(*conditions)).scalar() or 0)
