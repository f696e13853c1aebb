"""A conversation: one phone call, or one exchange of texts, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)

from hotline.core.library import RING_BACK
from hotline.storage.case import CLOSED, cases
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

conversations = Table(
    "conversation",
    metadata,
    row_id(),
    Column("carrier", String(16), nullable=False),
    Column("channel", String(8), nullable=False),  # voice, sms
    Column("sid", String(64), nullable=False),  # the call's id; for texts that of the first text
    Column("caller_id", BigId, ForeignKey("caller.id")),  # None: the number was withheld
    Column("case_id", BigId, ForeignKey("cases.id")),
    Column("flow", String(64), nullable=False),
    Column("turn", Integer, nullable=False),  # the number the next turn will carry
    Column("state_sealed", LargeBinary, nullable=False),  # the engine's state and the last answers
    Column("started_at", utc, nullable=False),
    Column("last_at", utc, nullable=False),
    Column("ended_at", utc),
    Column("ended_how", String(16)),  # said_goodbye, hung_up, replaced
    Column("forgotten_at", utc),  # since then times only
    UniqueConstraint("carrier", "sid"),
    # Without last_at, which every turn moves: an index that holds it is written at every turn.
    Index("conversation_of_caller", "caller_id", "channel"),
)
IS_A_CALL_UNDER_WAY = text("ended_at IS NULL AND channel = 'voice'")
Index(
    "call_under_way",
    conversations.c.id,
    sqlite_where=IS_A_CALL_UNDER_WAY,
    postgresql_where=IS_A_CALL_UNDER_WAY,
)
_IS_KEPT = conversations.c.forgotten_at.is_(None)
Index(
    "conversation_to_forget",
    conversations.c.started_at,
    sqlite_where=_IS_KEPT,
    postgresql_where=_IS_KEPT,
)
Index("conversation_of_case", conversations.c.case_id)

_BY_CALL = (
    select(conversations)
    .where(conversations.c.carrier == bindparam("carrier"), conversations.c.sid == bindparam("sid"))
    .with_for_update()
)
_OPEN_TEXTS = (
    select(conversations)
    .where(
        conversations.c.caller_id == bindparam("caller_id"),
        conversations.c.channel == "sms",
        conversations.c.ended_at.is_(None),
        conversations.c.last_at >= bindparam("since"),
    )
    .order_by(conversations.c.id.desc())
    .limit(1)
    .with_for_update()
)
_DROPPED = (
    select(conversations)
    .outerjoin(cases, cases.c.id == conversations.c.case_id)
    .where(
        conversations.c.caller_id == bindparam("caller_id"),
        conversations.c.channel == "voice",
        conversations.c.ended_how == "hung_up",
        conversations.c.flow != RING_BACK,  # it hides no call that dropped before it
        conversations.c.ended_at >= bindparam("since"),
        or_(conversations.c.case_id.is_(None), cases.c.state != CLOSED),
    )
    .order_by(conversations.c.id.desc())
    .limit(1)
)
_SILENT = (
    select(conversations.c.carrier, conversations.c.sid)
    .where(IS_A_CALL_UNDER_WAY, conversations.c.last_at < bindparam("before"))
    .order_by(conversations.c.id)
    .limit(bindparam("limit"))
)
_GO_ON = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation_id"))
    .values(
        flow=bindparam("flow_name"),
        turn=bindparam("next_turn"),
        state_sealed=bindparam("state"),
        case_id=bindparam("case"),
        last_at=bindparam("now"),
        ended_at=bindparam("ended"),
        ended_how=bindparam("how"),
    )
)


def find_call(tx: Transaction, carrier: str, sid: str) -> Found | None:
    """The call's conversation, locked until the transaction ends.

    Where there is none yet, whoever asks next for the same call waits until this one is written:
    a first webhook that comes twice at one time begins one conversation.
    """
    asked = {"carrier": carrier, "sid": sid}
    found = tx.execute(_BY_CALL, asked).first()
    if found is None and tx.dialect.name == "postgresql":
        key = {"key": f"call {carrier} {sid}"}
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
        found = tx.execute(_BY_CALL, asked).first()
    return found


def find_open_texts(tx: Transaction, caller_id: int, since: datetime) -> Found | None:
    """The caller's running exchange of texts, if the last one came after `since`."""
    return tx.execute(_OPEN_TEXTS, {"caller_id": caller_id, "since": since}).first()


def find_dropped_call(tx: Transaction, caller_id: int, since: datetime) -> Found | None:
    """The caller's newest call that broke off since then; none whose case is closed by now."""
    return tx.execute(_DROPPED, {"caller_id": caller_id, "since": since}).first()


def forget_drop(tx: Transaction, conversation_id: int, now: datetime) -> None:
    """The call is over, and no later call goes on where it stopped."""
    tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(ended_at=func.coalesce(conversations.c.ended_at, now), ended_how="replaced")
    )


def silent_calls(tx: Transaction, before: datetime, limit: int) -> Sequence[Found]:
    """Calls that have not ended and did nothing since `before`: carrier and sid, oldest first."""
    return tx.execute(_SILENT, {"before": before, "limit": limit}).all()


def note_alive(tx: Transaction, conversation_id: int, now: datetime) -> None:
    """The carrier says that the call goes on, though nothing was heard from it."""
    tx.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(last_at=now)
    )


def caller_of(tx: Transaction, conversation_id: int) -> int | None:
    """Who rang; None for a withheld number."""
    return tx.execute(
        select(conversations.c.caller_id).where(conversations.c.id == conversation_id)
    ).scalar()


def set_case(tx: Transaction, conversation_id: int, case_id: int) -> None:
    tx.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(case_id=case_id)
    )


def set_caller(tx: Transaction, conversation_id: int, caller_id: int | None) -> None:
    tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(caller_id=caller_id)
    )


def begin_conversation(tx: Transaction, **values: object) -> int:
    return insert_row(tx, conversations, **values)


def go_on(
    tx: Transaction,
    conversation_id: int,
    *,
    flow: str,
    turn: int,
    state: bytes,
    case_id: int | None,
    now: datetime,
    ended_how: str | None,
) -> None:
    """Save where a conversation stands after a turn."""
    values = {
        "conversation_id": conversation_id,
        "flow_name": flow,
        "next_turn": turn,
        "state": state,
        "case": case_id,
        "now": now,
        "ended": now if ended_how else None,
        "how": ended_how,
    }
    tx.execute(_GO_ON, values)
