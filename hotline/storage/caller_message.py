"""What a caller spoke or wrote for a human: it waits until somebody has heard or read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from hotline.storage.case import cases
from hotline.storage.database import Transaction
from hotline.storage.staff_member import staff
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

VOICE, TEXT = "voice", "text"
WAITING, TAKEN, DONE = "waiting", "taken", "done"

# The message itself lies in recording or incoming_text; whatever is deleted there, or with the
# caller or the case, takes its line here along.
messages = Table(
    "caller_message",
    metadata,
    row_id(),
    Column("kind", String(8), nullable=False),
    Column("recording_id", BigId, ForeignKey("recording.id", ondelete="CASCADE"), unique=True),
    Column("text_id", BigId, ForeignKey("incoming_text.id", ondelete="CASCADE"), unique=True),
    Column("caller_id", BigId, ForeignKey("caller.id", ondelete="CASCADE")),
    Column("case_id", BigId, ForeignKey("cases.id", ondelete="CASCADE")),
    Column("size", Integer, nullable=False),  # seconds, or letters
    Column("received_at", utc, nullable=False),
    Column("state", String(8), nullable=False),
    Column("taken_by", BigId, ForeignKey("staff.id")),
    Column("taken_at", utc),
    Column("heard_at", utc),  # played or read for the first time
    Column("done_by", BigId, ForeignKey("staff.id")),
    Column("done_at", utc),
    Column("outcome", String(32)),
    Index("message_of_case", "case_id"),
    Index("message_of_caller", "caller_id"),
)
IS_NOT_DONE = text("caller_message.state <> 'done'")
_WHERE = text("state <> 'done'")
Index(
    "message_not_done",
    messages.c.received_at,
    messages.c.id,
    sqlite_where=_WHERE,
    postgresql_where=_WHERE,
)
Index("message_done", messages.c.done_at)


def add_message(tx: Transaction, kind: str, **values: Any) -> None:
    """What is in the list already stays as it is."""
    insert_once(tx, messages, kind=kind, state=WAITING, **values)


def get_message(tx: Transaction, message_id: int) -> Found | None:
    return tx.execute(
        select(messages, cases.c.ref, cases.c.claimed_by, staff.c.name.label("taken_by_name"))
        .select_from(_with_case_and_taker())
        .where(messages.c.id == message_id)
    ).first()


def not_done(
    tx: Transaction, *, after: tuple[datetime, int] | None, oldest: bool, limit: int
) -> Sequence[Found]:
    """Messages that wait or are being seen to, newest first, or oldest; on from `after`."""
    at, number = messages.c.received_at, messages.c.id
    question = select(
        messages,
        cases.c.ref,
        cases.c.kind.label("case_kind"),
        cases.c.claimed_by,
        staff.c.name.label("taken_by_name"),
    ).select_from(_with_case_and_taker())
    question = question.where(IS_NOT_DONE)
    if after is not None:
        moment, last = after
        further = at > moment if oldest else at < moment
        beside = number > last if oldest else number < last
        question = question.where(or_(further, and_(at == moment, beside)))
    order = (at, number) if oldest else (at.desc(), number.desc())
    return tx.execute(question.order_by(*order).limit(limit)).all()


def lately_done(tx: Transaction, limit: int) -> Sequence[Found]:
    """Messages that were seen to, in a case or without one, newest first."""
    return tx.execute(
        select(messages, cases.c.ref, staff.c.name.label("done_by_name"))
        .select_from(
            messages.outerjoin(cases, cases.c.id == messages.c.case_id).outerjoin(
                staff, staff.c.id == messages.c.done_by
            )
        )
        .where(messages.c.state == DONE, messages.c.done_at.is_not(None))
        .order_by(messages.c.done_at.desc(), messages.c.id.desc())
        .limit(limit)
    ).all()


def count_waiting(tx: Transaction, lapsed: datetime, most: int) -> tuple[int, datetime | None]:
    """How many wait, `most` at the most, and since when the oldest does."""
    waiting = (
        select(messages.c.received_at)
        .where(IS_NOT_DONE, _is_free(lapsed))
        .order_by(messages.c.received_at)
        .limit(most)
        .subquery()
    )
    found = tx.execute(select(func.count(), func.min(waiting.c.received_at))).one()
    return found[0], found[1]


def of_one_caller(tx: Transaction, message: Any) -> Sequence[Found]:
    """The message and what the same phone sent besides, that has no case either; oldest first."""
    return tx.execute(
        select(messages)
        .where(_beside(message), or_(IS_NOT_DONE, messages.c.id == message.id))
        .order_by(messages.c.id)
    ).all()


def take_if_free(
    tx: Transaction, message: Any, staff_id: int, now: datetime, lapsed: datetime
) -> int:
    """Whoever is first has it, and what the same caller sent besides; how many those are."""
    done = tx.execute(
        update(messages)
        .where(_beside(message), IS_NOT_DONE, _is_free(lapsed))
        .values(state=TAKEN, taken_by=staff_id, taken_at=now)
    )
    return done.rowcount


def give_back(tx: Transaction, message: Any, staff_id: int) -> int:
    done = tx.execute(
        update(messages)
        .where(_beside(message), messages.c.state == TAKEN, messages.c.taken_by == staff_id)
        .values(state=WAITING, taken_by=None, taken_at=None)
    )
    return done.rowcount


def take_again(tx: Transaction, message_id: int, staff_id: int, now: datetime) -> bool:
    """A message that was put aside is taken up again; not one that went into a case."""
    done = tx.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state == DONE, messages.c.case_id.is_(None))
        .values(
            state=TAKEN, taken_by=staff_id, taken_at=now, done_by=None, done_at=None, outcome=None
        )
    )
    return done.rowcount == 1


def finish_if_mine(
    tx: Transaction, ids: Sequence[int], staff_id: int, now: datetime, outcome: str
) -> int:
    """Seen to; how many were, and none of them if somebody else has them or did it before."""
    mine = or_(messages.c.state == WAITING, messages.c.taken_by == staff_id)
    done = tx.execute(
        update(messages)
        .where(messages.c.id.in_(ids), IS_NOT_DONE, mine)
        .values(state=DONE, done_by=staff_id, done_at=now, outcome=outcome)
    )
    return done.rowcount


def put_into_case(tx: Transaction, ids: Sequence[int], case_id: int) -> None:
    tx.execute(update(messages).where(messages.c.id.in_(ids)).values(case_id=case_id))


def messages_of_texts(tx: Transaction, text_ids: Sequence[int]) -> Sequence[Found]:
    return tx.execute(select(messages).where(messages.c.text_id.in_(text_ids))).all()


def note_heard(tx: Transaction, ids: Sequence[int], now: datetime) -> None:
    tx.execute(
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.heard_at.is_(None))
        .values(heard_at=now)
    )


def note_heard_in_case(
    tx: Transaction, case_id: int, staff_id: int, now: datetime, *, recording_id: int | None = None
) -> int:
    """Somebody who may read the case played this message, or read what was written; how many."""
    which = messages.c.kind == TEXT
    if recording_id is not None:
        which = messages.c.recording_id == recording_id
    outcome = "read" if recording_id is None else "heard"
    done = tx.execute(
        update(messages)
        .where(messages.c.case_id == case_id, IS_NOT_DONE, which)
        .values(state=DONE, heard_at=now, done_by=staff_id, done_at=now, outcome=outcome)
    )
    return done.rowcount


def attach_recording(tx: Transaction, recording_id: int, case_id: int | None) -> None:
    """The case a voice message belongs to is known."""
    tx.execute(
        update(messages).where(messages.c.recording_id == recording_id).values(case_id=case_id)
    )


def forget_recording(tx: Transaction, recording_id: int) -> None:
    """The caller took the message back: nobody has to hear it."""
    tx.execute(delete(messages).where(messages.c.recording_id == recording_id))


def _is_free(lapsed: datetime) -> Any:
    """Nobody has it, or whoever took it did nothing for too long."""
    return or_(
        messages.c.state == WAITING,
        and_(messages.c.state == TAKEN, messages.c.taken_at < lapsed),
    )


def _beside(message: Any) -> Any:
    """This message, and the others of its caller as long as none of them has a case."""
    mine = messages.c.id == message.id
    if message.caller_id is not None:
        mine = or_(mine, messages.c.caller_id == message.caller_id)
    return and_(mine, messages.c.case_id.is_(None))


def _with_case_and_taker() -> Any:
    return messages.outerjoin(cases, cases.c.id == messages.c.case_id).outerjoin(
        staff, staff.c.id == messages.c.taken_by
    )
