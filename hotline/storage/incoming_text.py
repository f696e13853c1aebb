"""An incoming text, as it came (sealed) and what it was taken for."""

from __future__ import annotations

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
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, metadata, row_id, utc
from hotline.storage.writing import insert_once

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
    UniqueConstraint("carrier", "sid"),
    Index("text_not_understood", "how", "received_at"),
    Index("text_of_caller", "caller_id"),
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
