"""A voice message of a caller: where it comes from, and the sealed file it is kept in."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
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

from hotline.storage.carrier_copy import copy_columns, index_of_copies
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

EXPECTED, FETCHED, GONE, DROPPED = "expected", "fetched", "gone", "dropped"

recordings = Table(
    "recording",
    metadata,
    row_id(),
    Column("carrier", String(16), nullable=False),
    Column("sid", String(64), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversation.id"), nullable=False),
    Column("case_id", BigId, ForeignKey("cases.id")),
    Column("url_sealed", LargeBinary),
    Column("seconds", Integer, nullable=False),
    Column("state", String(16), nullable=False, default=EXPECTED),
    Column("file", String(64)),  # a random name in the recordings folder
    Column("tries", Integer, nullable=False, default=0),
    Column("next_at", utc),
    Column("created_at", utc, nullable=False),
    Column("wrapped", LargeBinary),  # the key of the sound; None: it was sealed by the ring
    *copy_columns(),
    UniqueConstraint("carrier", "sid"),
    Index("recording_due", "state", "next_at"),
    Index("recording_of_case", "case_id"),
    Index("recording_of_conversation", "conversation_id"),
)
index_of_copies(recordings, recordings.c.id)


def expect_recording(tx: Transaction, **values: Any) -> int | None:
    return insert_once(tx, recordings, **values)


def find_recording(tx: Transaction, carrier: str, sid: str) -> Found | None:
    return tx.execute(
        select(recordings).where(recordings.c.carrier == carrier, recordings.c.sid == sid)
    ).first()


def get_recording(tx: Transaction, recording_id: int) -> Found | None:
    return tx.execute(select(recordings).where(recordings.c.id == recording_id)).first()


def change_recording(tx: Transaction, recording_id: int, **values: Any) -> None:
    tx.execute(update(recordings).where(recordings.c.id == recording_id).values(**values))


def claim_recording(tx: Transaction, recording_id: int, tries: int, next_at: datetime) -> bool:
    """Take one for fetching; it is due again at `next_at` if the worker dies."""
    done = tx.execute(
        update(recordings)
        .where(
            recordings.c.id == recording_id,
            recordings.c.state == EXPECTED,
            recordings.c.tries == tries,
        )
        .values(tries=tries + 1, next_at=next_at)
    )
    return done.rowcount == 1


def keep_file(tx: Transaction, recording_id: int, file: str, wrapped: bytes) -> bool:
    """The sound was fetched; False when nobody waits for it any more."""
    done = tx.execute(
        update(recordings)
        .where(recordings.c.id == recording_id, recordings.c.state == EXPECTED)
        .values(state=FETCHED, file=file, wrapped=wrapped, next_at=None)
    )
    return done.rowcount == 1


def due_recordings(
    tx: Transaction, now: datetime, state: str = EXPECTED, limit: int = 20
) -> Sequence[Found]:
    """Those to be fetched now, or with DROPPED those the carrier is to delete."""
    return tx.execute(
        select(recordings)
        .where(recordings.c.state == state, recordings.c.next_at <= now)
        .order_by(recordings.c.next_at)
        .limit(limit)
    ).all()


def files_kept(tx: Transaction) -> Generator[str, None, None]:
    """The names of all sealed sounds, for a backup."""
    names = select(recordings.c.file).where(recordings.c.file.is_not(None))
    in_order = names.order_by(recordings.c.id)
    with tx.execute(in_order, execution_options={"yield_per": 1000}) as found:
        yield from found.scalars()


def recordings_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    return tx.execute(
        select(recordings)
        .where(recordings.c.case_id == case_id, recordings.c.state != DROPPED)
        .order_by(recordings.c.id)
    ).all()
