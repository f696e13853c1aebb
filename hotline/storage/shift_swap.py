"""A swap: somebody asks a colleague to take a shift; it is theirs once the colleague accepts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, or_, select
from sqlalchemy import update as change

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

ASKED, ACCEPTED, REFUSED, WITHDRAWN = "asked", "accepted", "refused", "withdrawn"

swaps = Table(
    "shift_swap",
    metadata,
    row_id(),
    Column("asker_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("other_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", utc, nullable=False),
    Column("ends_at", utc, nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_at", utc, nullable=False),
    Column("answered_at", utc),
    # What the asker takes in return, in an exchange; None: the shift is given away.
    Column("back_starts_at", utc),
    Column("back_ends_at", utc),
    Column("back_place", Integer),
    Index("swap_by_state", "state", "ends_at"),
)


def add_swap(
    tx: Transaction,
    asker_id: int,
    other_id: int,
    starts_at: datetime,
    ends_at: datetime,
    place: int,
    now: datetime,
    back: tuple[datetime, datetime, int] | None = None,
) -> int:
    """A new question; `back` is the span and the place the asker takes in return."""
    back_starts_at, back_ends_at, back_place = back or (None, None, None)
    return insert_row(
        tx,
        swaps,
        asker_id=asker_id,
        other_id=other_id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        state=ASKED,
        asked_at=now,
        back_starts_at=back_starts_at,
        back_ends_at=back_ends_at,
        back_place=back_place,
    )


def get_swap(tx: Transaction, swap_id: int) -> Found | None:
    return tx.execute(select(swaps).where(swaps.c.id == swap_id)).first()


def asked_swaps(tx: Transaction, now: datetime, staff_id: int | None = None) -> Sequence[Found]:
    """Swaps still waiting for an answer, the soonest first: all, or those of one person."""
    waiting = select(swaps).where(swaps.c.state == ASKED, swaps.c.ends_at > now)
    if staff_id is not None:
        waiting = waiting.where(or_(swaps.c.asker_id == staff_id, swaps.c.other_id == staff_id))
    return tx.execute(waiting.order_by(swaps.c.starts_at, swaps.c.id)).all()


def end_swap(tx: Transaction, swap_id: int, state: str, now: datetime) -> bool:
    """False when it was answered or withdrawn before."""
    done = tx.execute(
        change(swaps)
        .where(swaps.c.id == swap_id, swaps.c.state == ASKED)
        .values(state=state, answered_at=now)
    )
    return done.rowcount == 1
