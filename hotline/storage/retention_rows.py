"""What else grows old: texts, calls, alerts, sign-ins, numbers. Which rows are due, what goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from hotline.core.delivery import PENDING, SENDING
from hotline.storage.caller import callers
from hotline.storage.caller_message import DONE, messages
from hotline.storage.carrier_copy import no_sid
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.desk_session import desk_sessions
from hotline.storage.incoming_text import incoming_texts
from hotline.storage.outbox_item import outbox
from hotline.storage.page import pages
from hotline.storage.pause import pauses
from hotline.storage.phone_code import phone_codes
from hotline.storage.recording import DROPPED, recordings
from hotline.storage.retention_due import case_is_worked_on, is_worked_on
from hotline.storage.ring_back import ring_backs
from hotline.storage.sign_in_attempt import sign_in_attempts
from hotline.storage.silent_call import silent_calls
from hotline.storage.tables import metadata, utc

Act = Callable[[Transaction, Sequence[int], datetime], int]


@dataclass(frozen=True, slots=True)
class Pile:
    """Rows of one table: which are due when their rule reaches back to `before`, what is done."""

    table: Table
    is_due: Callable[[datetime], ColumnElement[bool]]
    act: Act

    def due(self, before: datetime) -> Select[Any]:
        (key,) = self.table.primary_key.columns
        # In no order: by their number SQLite would go through all that were ever kept.
        return select(key).where(self.is_due(before))


def _removing(table: Table) -> Act:
    (key,) = table.primary_key.columns

    def remove(tx: Transaction, ids: Sequence[int], now: datetime) -> int:
        return tx.execute(delete(table).where(key.in_(ids))).rowcount

    return remove


# ---------------------------------------------------------------- words go, times stay


def strip_outgoing(tx: Transaction, ids: Sequence[int], now: datetime) -> int:
    """The carrier's id stays until its copy is known to be gone there."""
    rows = outbox.c
    settled = or_(rows.copy_state.is_not(None), rows.channel != "sms")
    done = tx.execute(
        update(outbox)
        .where(rows.id.in_(ids), rows.forgotten_at.is_(None))
        .values(
            forgotten_at=now,
            body_sealed=b"",
            ask_sealed=None,
            caller_id=None,
            next_at=None,
            poll_at=None,
            idempotency_key=literal("-").concat(cast(rows.id, String(20))),  # it names the case
            provider_sid=case((settled, None), else_=rows.provider_sid),
        )
    )
    return done.rowcount


def strip_incoming(tx: Transaction, ids: Sequence[int], now: datetime) -> int:
    rows = incoming_texts.c
    tx.execute(delete(messages).where(messages.c.text_id.in_(ids)))
    settled = rows.copy_state.is_not(None)
    done = tx.execute(
        update(incoming_texts)
        .where(rows.id.in_(ids), rows.forgotten_at.is_(None))
        .values(
            forgotten_at=now,
            body_sealed=b"",
            caller_id=None,
            reviewed_at=func.coalesce(rows.reviewed_at, literal(now, utc)),
            sid=case((settled, no_sid(incoming_texts)), else_=rows.sid),
        )
    )
    return done.rowcount


def strip_conversations(tx: Transaction, ids: Sequence[int], now: datetime) -> int:
    """Nobody finds such a call again, here or in a carrier's lists."""
    rows, sounds = conversations.c, recordings.c
    is_settled = and_(sounds.state == DROPPED, sounds.copy_state.is_not(None))
    tx.execute(
        update(recordings)
        .where(sounds.conversation_id.in_(ids), is_settled)
        .values(sid=no_sid(recordings))
    )
    done = tx.execute(
        update(conversations)
        .where(rows.id.in_(ids), rows.forgotten_at.is_(None))
        .values(
            forgotten_at=now,
            state_sealed=b"",
            caller_id=None,
            sid=no_sid(conversations),
            ended_at=func.coalesce(rows.ended_at, rows.last_at),
            ended_how=func.coalesce(rows.ended_how, "replaced"),
        )
    )
    return done.rowcount


# ---------------------------------------------------------------- what is due


def _outgoing(before: datetime) -> ColumnElement[bool]:
    rows = outbox.c
    is_busy = or_(case_is_worked_on(rows.case_id), is_worked_on(rows.caller_id))
    return and_(
        rows.forgotten_at.is_(None),
        rows.created_at <= before,
        rows.updated_at <= before,
        rows.state.not_in((PENDING, SENDING)),
        not_(is_busy),
    )


def _unread(before: datetime) -> ColumnElement[bool]:
    rows = incoming_texts.c
    is_old = and_(rows.forgotten_at.is_(None), rows.received_at <= before)
    return and_(is_old, not_(is_worked_on(rows.caller_id)))


def _incoming(before: datetime) -> ColumnElement[bool]:
    """Not while somebody still has to read it."""
    of_text = messages.c.text_id == incoming_texts.c.id
    return and_(_unread(before), not_(exists().where(of_text, messages.c.state != DONE)))


def _conversations(before: datetime) -> ColumnElement[bool]:
    rows = conversations.c
    is_old = and_(rows.forgotten_at.is_(None), rows.started_at <= before, rows.last_at <= before)
    return and_(is_old, not_(or_(case_is_worked_on(rows.case_id), is_worked_on(rows.caller_id))))


def _empty(before: datetime) -> ColumnElement[bool]:
    rows = conversations.c
    has_sound = exists().where(recordings.c.conversation_id == rows.id)
    is_old = and_(rows.forgotten_at.is_(None), rows.started_at <= before, rows.last_at <= before)
    # Not the bare columns: SQLite would go through all calls without a case, and not the old ones.
    of_nobody = func.coalesce(rows.caller_id, rows.case_id, 0) == 0
    return and_(is_old, of_nobody, not_(has_sound))


def _alerts(before: datetime) -> ColumnElement[bool]:
    is_over = and_(pages.c.expires_at <= before, pages.c.held_until.is_(None))
    return and_(is_over, not_(case_is_worked_on(pages.c.case_id)))


def _sessions(before: datetime) -> ColumnElement[bool]:
    return desk_sessions.c.last_seen <= before


def _callers(before: datetime) -> ColumnElement[bool]:
    wants = or_(callers.c.stopped_at.is_not(None), callers.c.agreed_to_texts)
    return and_(_is_forlorn(before), not_(wants))


def _is_forlorn(before: datetime) -> ColumnElement[bool]:
    """A number nothing else speaks of. Asked of every table that could, also those to come."""
    elsewhere = [
        not_(exists().where(column == callers.c.id))
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column is callers.c.id for key in column.foreign_keys)
    ]
    return and_(callers.c.last_seen <= before, *elsewhere)


def _old(table: Table, name: str) -> Pile:
    return Pile(table, lambda before: table.c[name] <= before, _removing(table))


PILES: dict[str, tuple[Pile, ...]] = {
    "empty_calls": (Pile(conversations, _empty, _removing(conversations)),),
    "call_times": (_old(silent_calls, "at"), _old(ring_backs, "asked_at")),
    "pauses": (_old(pauses, "ends_at"),),
    "texts": (
        Pile(outbox, _outgoing, strip_outgoing),
        Pile(incoming_texts, _incoming, strip_incoming),
    ),
    "unread": (Pile(incoming_texts, _unread, strip_incoming),),
    "conversations": (Pile(conversations, _conversations, strip_conversations),),
    "callers": (Pile(callers, _callers, _removing(callers)),),
    "wishes": (Pile(callers, _is_forlorn, _removing(callers)),),
    "alerts": (Pile(pages, _alerts, _removing(pages)),),
    "sign_ins": (_old(sign_in_attempts, "at"), _old(phone_codes, "expires_at")),
    "sessions": (Pile(desk_sessions, _sessions, _removing(desk_sessions)),),
}
"""By the name of their rule. Cases and voice messages have files of their own."""


def count_due(tx: Transaction, pile: Pile, before: datetime) -> int:
    found = pile.due(before).subquery()
    return int(tx.execute(select(func.count()).select_from(found)).scalar() or 0)


def forget_some(tx: Transaction, pile: Pile, before: datetime, now: datetime, limit: int) -> int:
    """Up to `limit` of them; how many. What somebody changes just now is left for another day."""
    due = pile.due(before).limit(limit).with_for_update(skip_locked=True)
    ids = tx.execute(due).scalars().all()
    return pile.act(tx, ids, now) if ids else 0
