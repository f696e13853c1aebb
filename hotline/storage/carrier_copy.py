"""Copies of what we hold that a carrier still has: to be deleted there, asked after, gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    String,
    Table,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, utc

GONE, KEPT = "gone", "kept"
"""The carrier was asked and knows it no more; this carrier cannot delete. None: not settled."""

RECORDING, INCOMING, OUTGOING = "recording", "incoming_text", "outbox_item"
KINDS = (RECORDING, INCOMING, OUTGOING)

LAST_QUESTION = timedelta(minutes=90)
"""A text without a receipt is asked after for this long (delivery.TEXT_POLLS); then it may go."""

NOT_FETCHED = timedelta(days=7)
"""What we could not fetch may be fetched there by hand for so long."""


def copy_columns() -> tuple[Column[Any], ...]:
    return (
        Column("copy_state", String(8)),  # gone, kept; None: the carrier may still have it
        Column("copy_at", utc),  # not settled: try again then
    )


def index_of_copies(
    table: Table, column: Column[Any], is_there: ColumnElement[bool] | None = None
) -> None:
    """A small index of what is not settled yet."""
    is_open: ColumnElement[bool] = table.c.copy_state.is_(None)
    where = is_open if is_there is None else and_(is_open, is_there)
    Index(f"{table.name}_copy", column, sqlite_where=where, postgresql_where=where)


def unsettled(tx: Transaction, kind: str, now: datetime, limit: int) -> Sequence[Found]:
    """Copies to be deleted now: id, carrier, sid, oldest first."""
    table = metadata.tables[kind]
    is_due = (table.c.copy_at.is_(None)) | (table.c.copy_at <= now)
    return tx.execute(
        select(table.c.id, table.c.carrier, _sid(table).label("sid"))
        .where(_may_go(table, now), is_due)
        .order_by(table.c.id)
        .limit(limit)
    ).all()


def count_overdue(
    tx: Transaction, kind: str, now: datetime, since: datetime, most: int = 1000
) -> int:
    """Copies that could have gone before `since` and are still not known to be gone."""
    table = metadata.tables[kind]
    when = {RECORDING: "created_at", INCOMING: "received_at", OUTGOING: "sent_at"}[kind]
    found = select(table.c.id).where(_may_go(table, now), table.c[when] < since).limit(most)
    return int(tx.execute(select(func.count()).select_from(found.subquery())).scalar() or 0)


def settle_copies(tx: Transaction, kind: str, ids: Sequence[int], state: str) -> None:
    """Nothing more to do; where our own row was forgotten, the carrier's id of it goes too."""
    table = metadata.tables[kind]
    values: dict[str, Any] = {"copy_state": state, "copy_at": None}
    sid = _sid(table)
    values[sid.name] = case((is_forgotten(table), no_sid(table)), else_=sid)
    tx.execute(update(table).where(table.c.id.in_(ids)).values(values))


def is_forgotten(table: Table) -> ColumnElement[bool]:
    """Of a sound: whether the call is, in which it was spoken."""
    if table.name != RECORDING:
        return table.c.forgotten_at.is_not(None)
    calls = metadata.tables["conversation"]
    of_call = calls.c.id == table.c.conversation_id
    return exists().where(of_call, calls.c.forgotten_at.is_not(None))


def try_later(tx: Transaction, kind: str, row_id: int, at: datetime) -> None:
    table = metadata.tables[kind]
    tx.execute(update(table).where(table.c.id == row_id).values(copy_at=at))


def no_sid(table: Table) -> ColumnElement[Any]:
    """What stands for the carrier's id once it says nothing any more: unique where it must be."""
    if table.c[_sid(table).name].nullable:
        return null()
    return literal("-").concat(cast(table.c.id, String(20)))


def _sid(table: Table) -> Column[Any]:
    return table.c.provider_sid if table.name == OUTGOING else table.c.sid


def _may_go(table: Table, now: datetime) -> ColumnElement[bool]:
    """Whether our side has all it needs of it."""
    open_ = table.c.copy_state.is_(None)
    if table.name == RECORDING:
        # Not the bare column: SQLite would go through all sounds of a state, which are kept for
        # years, instead of the few that are not settled.
        state = func.coalesce(table.c.state, "")
        is_lost = (state == "gone") & (table.c.created_at < now - NOT_FETCHED)
        return open_ & (state.in_(("fetched", "dropped")) | is_lost)
    if table.name == INCOMING:
        return open_
    is_over = table.c.state.in_(("delivered", "undelivered", "failed")) & table.c.poll_at.is_(None)
    is_old = table.c.sent_at < now - LAST_QUESTION
    return and_(open_, is_text_sent(table), is_over | is_old)


def is_text_sent(table: Table) -> ColumnElement[bool]:
    """Of outgoing messages: calls leave no copy. A literal, so that the small index is found."""
    is_text: ColumnElement[bool] = table.c.channel == literal_column("'sms'")
    return and_(table.c.provider_sid.is_not(None), is_text)
