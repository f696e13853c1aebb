"""A caller: a person known by a phone number, which is sealed; a keyed index finds it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

callers = Table(
    "caller",
    metadata,
    row_id(),
    Column("number_sealed", LargeBinary, nullable=False),
    Column("number_index", LargeBinary(16), nullable=False, unique=True),
    Column("language", String(8)),
    Column("script", String(8)),
    Column("stopped_at", utc),  # texts refused since then
    Column("agreed_to_texts", Boolean, nullable=False, default=False),
    Column("first_seen", utc, nullable=False),
    Column("last_seen", utc, nullable=False),
)

_BY_INDEX = select(callers).where(callers.c.number_index == bindparam("index"))
_BY_ID = select(callers).where(callers.c.id == bindparam("caller_id"))
_SEEN = (
    update(callers).where(callers.c.id == bindparam("caller_id")).values(last_seen=bindparam("now"))
)

_LANGUAGE = (
    update(callers)
    .where(callers.c.id == bindparam("caller_id"))
    .values(
        language=bindparam("spoken"),
        script=func.coalesce(bindparam("read", type_=String), callers.c.script),
    )
)


def find_caller(tx: Transaction, index: bytes) -> Found | None:
    return tx.execute(_BY_INDEX, {"index": index}).first()


def get_caller(tx: Transaction, caller_id: int) -> Found:
    return tx.execute(_BY_ID, {"caller_id": caller_id}).one()


def meet_caller(tx: Transaction, index: bytes, seal: Callable[[], bytes], now: datetime) -> Found:
    """The caller with this number, added if new. Two first calls at one time give one caller.

    `seal` gives the sealed number and is asked only when the caller is new.
    """
    known = find_caller(tx, index)
    if known is None:
        insert_once(
            tx,
            callers,
            number_index=index,
            number_sealed=seal(),
            agreed_to_texts=False,
            first_seen=now,
            last_seen=now,
        )
        return tx.execute(_BY_INDEX, {"index": index}).one()
    tx.execute(_SEEN, {"caller_id": known.id, "now": now})
    return known


def remember_language(
    tx: Transaction, caller_id: int | None, language: str, script: str | None
) -> None:
    """For the next call. Nothing for a withheld number: it matches no row."""
    tx.execute(_LANGUAGE, {"caller_id": caller_id, "spoken": language, "read": script})


def stop_texts(tx: Transaction, caller_id: int, now: datetime) -> None:
    """STOP ends every agreement as well: START brings back replies and nothing more."""
    ended = {"stopped_at": now, "agreed_to_texts": False}
    tx.execute(update(callers).where(callers.c.id == caller_id).values(ended))


def allow_texts(tx: Transaction, caller_id: int) -> None:
    tx.execute(update(callers).where(callers.c.id == caller_id).values(stopped_at=None))
