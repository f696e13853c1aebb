"""An incoming text, as it came (sealed) and what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
    text,
    update,
)

from hotline.storage.carrier_copy import copy_columns, index_of_copies
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

CONTEXT = "incoming_text.body"
"""What the words of a text are sealed for."""

incoming_texts = Table(
    "incoming_text",
    metadata,
    row_id(),
    Column("carrier", String(16), nullable=False),
    Column("sid", String(64), nullable=False),
    Column("caller_id", BigId, ForeignKey("caller.id")),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("received_at", utc, nullable=False),
    Column("topic", String(32)),
    Column("how", String(16)),  # exact, alias, sound, ask, none, answer, code, stop, start
    Column("score", Integer),
    Column("answered", Boolean, nullable=False, default=False),
    Column("forgotten_at", utc),  # since then without words and sender
    *copy_columns(),
    Column("reviewed_at", utc),  # an editor has decided what becomes of its words
    Column("reviewed_as", String(16)),  # spelling, no_topic, danger, understood
    UniqueConstraint("carrier", "sid"),
    Index("text_of_caller", "caller_id"),
)

IS_UNREVIEWED = text("reviewed_at IS NULL AND how IN ('none', 'ask')")
Index(
    "text_unreviewed",
    incoming_texts.c.id,
    sqlite_where=IS_UNREVIEWED,
    postgresql_where=IS_UNREVIEWED,
)
index_of_copies(incoming_texts, incoming_texts.c.id)
_IS_KEPT = incoming_texts.c.forgotten_at.is_(None)
Index(
    "text_to_forget",
    incoming_texts.c.received_at,
    sqlite_where=_IS_KEPT,
    postgresql_where=_IS_KEPT,
)


def keep_text(tx: Transaction, **values: Any) -> int | None:
    """Keep a text; None when this one is here already."""
    return insert_once(tx, incoming_texts, **values)


def note_meaning(
    tx: Transaction, text_id: int, how: str, topic: str | None = None, score: int | None = None
) -> None:
    tx.execute(
        update(incoming_texts)
        .where(incoming_texts.c.id == text_id)
        .values(how=how, topic=topic, score=score)
    )


def last_answered(tx: Transaction, caller_id: int, before: int) -> datetime | None:
    """When this caller last got the "not understood" reply, to a text before `before`."""
    return tx.execute(
        select(incoming_texts.c.received_at)
        .where(
            incoming_texts.c.caller_id == caller_id,
            incoming_texts.c.answered.is_(True),
            incoming_texts.c.id < before,
        )
        .order_by(incoming_texts.c.id.desc())
        .limit(1)
    ).scalar()


def note_answered(tx: Transaction, text_id: int) -> None:
    """This text was not understood and got the one reply an hour."""
    tx.execute(update(incoming_texts).where(incoming_texts.c.id == text_id).values(answered=True))


def unreviewed(tx: Transaction, before: int | None, limit: int) -> Sequence[Found]:
    """Texts that were not understood or asked back, newest first; none of who sent them."""
    question = select(
        *(incoming_texts.c[name] for name in ("id", "body_sealed", "topic", "how", "score")),
        incoming_texts.c.received_at,
    ).where(IS_UNREVIEWED)
    if before is not None:
        question = question.where(incoming_texts.c.id < before)
    return tx.execute(question.order_by(incoming_texts.c.id.desc()).limit(limit)).all()


def mark_reviewed(tx: Transaction, ids: Sequence[int], reviewed_as: str, now: datetime) -> int:
    """How many of these left the queue by it; the others had left it before."""
    done = tx.execute(
        update(incoming_texts)
        .where(incoming_texts.c.id.in_(ids), IS_UNREVIEWED)
        .values(reviewed_at=now, reviewed_as=reviewed_as)
    )
    return done.rowcount


def get_text(tx: Transaction, text_id: int) -> Found:
    return tx.execute(select(incoming_texts).where(incoming_texts.c.id == text_id)).one()


def get_texts(tx: Transaction, ids: Sequence[int]) -> Sequence[Found]:
    return tx.execute(select(incoming_texts).where(incoming_texts.c.id.in_(ids))).all()


def senders_of(tx: Transaction, ids: Sequence[int]) -> Sequence[Found]:
    """Whose texts these are, with the words: for opening cases, never for showing."""
    return tx.execute(
        select(incoming_texts.c.id, incoming_texts.c.caller_id, incoming_texts.c.body_sealed)
        .where(incoming_texts.c.id.in_(ids), incoming_texts.c.caller_id.is_not(None))
        .order_by(incoming_texts.c.id)
    ).all()
