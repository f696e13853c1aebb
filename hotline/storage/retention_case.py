"""Forgetting one closed case: its key, its words, whose it was. What remains can be counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, and_, case, delete, exists, not_, or_, select, update

from hotline.storage.attempt import attempts
from hotline.storage.caller_message import DONE
from hotline.storage.carrier_copy import is_forgotten, no_sid
from hotline.storage.case import CLOSED, IS_KEPT, case_keys, cases
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import outbox
from hotline.storage.recording import DROPPED, EXPECTED, recordings
from hotline.storage.retention_due import is_worked_on
from hotline.storage.retention_hold import is_held
from hotline.storage.retention_rows import strip_conversations, strip_outgoing
from hotline.storage.tables import Found, metadata
from hotline.storage.writing import change_seen

REMOVE, CUT, OWN, KEEP = "remove", "cut", "own", "keep"

OF_A_CASE = {
    "case_key": OWN,
    "case_event": REMOVE,
    "case_access": REMOVE,
    "referral_step": REMOVE,
    "referral": REMOVE,
    "caller_message": REMOVE,
    "bridge": REMOVE,
    "page": REMOVE,
    "escalation": REMOVE,
    "follow_up": REMOVE,
    "legal_hold": REMOVE,
    "attempt": OWN,
    "recording": OWN,
    "outbox_item": OWN,
    "conversation": OWN,
    "rehearsal": CUT,
    "retention_consent": KEEP,
}
"""What becomes of every table that speaks of a case; a test asks for each."""

_TIMES = ("opened_at", "claim_due_at", "attempt_due_at", "claimed_at", "first_attempt_at")


def find_closed(tx: Transaction, case_id: int) -> Found | None:
    """The case, locked, if it may be forgotten at all: closed, and held by nobody."""
    query = select(cases).where(cases.c.id == case_id, IS_KEPT, not_(is_held()))
    return tx.execute(query.with_for_update()).first()


def forget_case(
    tx: Transaction,
    case: Any,
    now: datetime,
    *,
    back: timedelta,
    place: str | None,
    age_band: str | None,
) -> bool:
    """All of it, in this transaction. False when somebody changed or held the case meanwhile."""
    times = {name: _back(getattr(case, name), back) for name in (*_TIMES, "closed_at")}
    is_done = change_seen(
        tx,
        cases,
        case.id,
        case.version,
        IS_KEPT,
        not_(is_held()),
        caller_id=None,
        number_index=None,
        plan_sealed=b"",
        notes_sealed=b"",
        facts_sealed=None,
        place=place,
        age_band=age_band,
        forgotten_at=now,
        **times,
    )
    if not is_done:
        return False
    tx.execute(delete(case_keys).where(case_keys.c.case_id == case.id))
    _forget_attempts(tx, case.id, back)
    drop_sounds(tx, recordings.c.case_id == case.id, now)
    _forget_calls(tx, case.id, now)
    _forget_alerts(tx, case.id, now)
    _forget_the_rest(tx, case.id)
    return True


def _back(moment: datetime | None, back: timedelta) -> datetime | None:
    return moment - back if moment is not None else None


def _forget_attempts(tx: Transaction, case_id: int, back: timedelta) -> None:
    """How it went and how long it took stays."""
    of_case = attempts.c.case_id == case_id
    for row in tx.execute(select(attempts.c.id, attempts.c.at).where(of_case)).all():
        values = {"at": row.at - back, "note_sealed": None}
        tx.execute(update(attempts).where(attempts.c.id == row.id).values(values))


def drop_sounds(tx: Transaction, which: Any, now: datetime) -> int:
    """Without its key no copy of the file can be heard; a worker deletes file and carrier copy."""
    messages = metadata.tables["caller_message"]
    ids = tx.execute(select(recordings.c.id).where(which, recordings.c.state != DROPPED)).scalars()
    found = ids.all()
    if not found:
        return 0
    tx.execute(delete(messages).where(messages.c.recording_id.in_(found)))
    is_settled = and_(recordings.c.copy_state.is_not(None), is_forgotten(recordings))
    done = tx.execute(
        update(recordings)
        .where(recordings.c.id.in_(found), recordings.c.state != DROPPED)
        .values(
            state=DROPPED,
            wrapped=None,
            url_sealed=None,
            next_at=now,
            case_id=None,
            sid=case((is_settled, no_sid(recordings)), else_=recordings.c.sid),
        )
    )
    return done.rowcount


def _forget_calls(tx: Transaction, case_id: int, now: datetime) -> None:
    """The call in which it was told: its state holds what was keyed."""
    of_case = conversations.c.case_id == case_id
    ids = tx.execute(select(conversations.c.id).where(of_case)).scalars().all()
    if ids:
        strip_conversations(tx, ids, now)
        gone = {"case_id": None, "caller_id": None}
        tx.execute(update(conversations).where(conversations.c.id.in_(ids)).values(gone))


def _forget_alerts(tx: Transaction, case_id: int, now: datetime) -> None:
    """What was sent about it: when, and whether it arrived, but not of which case."""
    of_case = outbox.c.case_id == case_id
    ids = tx.execute(select(outbox.c.id).where(of_case)).scalars().all()
    if ids:
        strip_outgoing(tx, ids, now)
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(case_id=None))


def _forget_the_rest(tx: Transaction, case_id: int) -> None:
    steps, referrals = metadata.tables["referral_step"], metadata.tables["referral"]
    mine = select(referrals.c.id).where(referrals.c.case_id == case_id)
    tx.execute(delete(steps).where(steps.c.referral_id.in_(mine)))
    for name, what in OF_A_CASE.items():
        table = metadata.tables[name]
        if what == REMOVE and "case_id" in table.c:
            tx.execute(delete(table).where(table.c.case_id == case_id))
        elif what == CUT:
            tx.execute(update(table).where(table.c.case_id == case_id).values(case_id=None))


def sounds_due(closed_before: datetime, spoken_before: datetime) -> Select[Any]:
    """The ids of voice messages that go: some time after their case was closed, or when old.

    None of a case that somebody works on or holds, nor of a caller with such a case; and of a
    closed case none that was spoken later, or that nobody has heard yet, before it is old.
    """
    rows, of_case = recordings.c, cases.c.id == recordings.c.case_id
    messages = metadata.tables["caller_message"]
    waits = exists().where(messages.c.recording_id == rows.id, messages.c.state != DONE)
    calls = conversations.c.id == rows.conversation_id
    is_busy = exists().where(calls, is_worked_on(conversations.c.caller_id))
    at_rest = select(cases.c.id).where(of_case, cases.c.state == CLOSED, not_(is_held()))
    has_none = and_(rows.case_id.is_(None), not_(is_busy))
    is_old = and_(rows.created_at <= spoken_before, or_(at_rest.exists(), has_none))
    is_over = and_(
        rows.created_at <= closed_before,
        at_rest.where(cases.c.closed_at <= closed_before).exists(),
        not_(waits),
    )
    return select(rows.id).where(rows.state.not_in((DROPPED, EXPECTED)), or_(is_old, is_over))


def drop_some_sounds(tx: Transaction, query: Select[Any], now: datetime, limit: int) -> int:
    ids = tx.execute(query.limit(limit)).scalars().all()
    return drop_sounds(tx, recordings.c.id.in_(ids), now) if ids else 0


def tables_about(table: Table) -> set[str]:
    """Every table with a column that points at `table`."""
    return {
        one.name
        for one in metadata.sorted_tables
        for column in one.columns
        if any(key.column.table is table for key in column.foreign_keys)
    }
