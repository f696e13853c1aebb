"""A rehearsal: one trial of the whole chain, what it reached and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    literal_column,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

RUNNING, DONE, FAILED = "running", "done", "failed"

KIND = "rehearsal"
"""What a case that a rehearsal opened is called, and what it is closed as."""

rehearsals = Table(
    "rehearsal",
    metadata,
    row_id(),
    Column("planned_for", utc, nullable=False, unique=True),  # once for each planned time
    Column("state", String(8), nullable=False),
    Column("carrier", String(16), nullable=False),
    Column("sid", String(64), nullable=False),  # of the call we play ourselves: nobody can guess it
    Column("case_id", BigId, ForeignKey("cases.id")),
    Column("steps", JSON, nullable=False),  # [step, seconds since the start], in their order
    Column("failed_at", String(16)),  # the step that was not reached
    Column("why", String(32)),  # a code
    Column("started_at", utc, nullable=False),
    Column("ended_at", utc),
    Index("rehearsal_by_call", "carrier", "sid"),
)
_IS_RUNNING = rehearsals.c.state == literal_column(f"'{RUNNING}'")
Index(
    "rehearsal_running",  # one at a time, whoever starts it
    rehearsals.c.state,
    unique=True,
    sqlite_where=_IS_RUNNING,
    postgresql_where=_IS_RUNNING,
)

_BY_CALL = select(rehearsals.c.id).where(
    rehearsals.c.carrier == bindparam("carrier"), rehearsals.c.sid == bindparam("sid")
)


def begin_rehearsal(
    tx: Transaction, planned_for: datetime, *, carrier: str, sid: str, now: datetime
) -> int | None:
    """Its id; None while one is running, or when the one of this time was begun already."""
    return insert_once(
        tx,
        rehearsals,
        planned_for=planned_for,
        state=RUNNING,
        carrier=carrier,
        sid=sid,
        steps=[],
        started_at=now,
    )


def is_rehearsal(tx: Transaction, carrier: str, sid: str) -> bool:
    """Whether a rehearsal played this call: nobody is on that line."""
    return tx.execute(_BY_CALL, {"carrier": carrier, "sid": sid}).first() is not None


def running_rehearsal(tx: Transaction) -> Found | None:
    return tx.execute(select(rehearsals).where(_IS_RUNNING)).first()


def get_rehearsal(tx: Transaction, rehearsal_id: int) -> Found:
    return tx.execute(select(rehearsals).where(rehearsals.c.id == rehearsal_id)).one()


def was_begun_since(tx: Transaction, planned_for: datetime) -> bool:
    found = select(rehearsals.c.id).where(rehearsals.c.planned_for >= planned_for).limit(1)
    return tx.execute(found).first() is not None


def note_step(tx: Transaction, row: Any, step: str, now: datetime, **values: Any) -> None:
    """A step was reached; a rehearsal that has ended stays as it ended."""
    seconds = round(max((now - row.started_at).total_seconds(), 0.0), 1)
    tx.execute(
        update(rehearsals)
        .where(rehearsals.c.id == row.id, _IS_RUNNING)
        .values(steps=[*row.steps, [step, seconds]], **values)
    )


def end_rehearsal(tx: Transaction, rehearsal_id: int, state: str, **values: Any) -> bool:
    """False when somebody else has ended it."""
    done = tx.execute(
        update(rehearsals)
        .where(rehearsals.c.id == rehearsal_id, _IS_RUNNING)
        .values(state=state, **values)
    )
    return done.rowcount == 1


def latest_rehearsals(tx: Transaction, limit: int = 1) -> Sequence[Found]:
    """The newest first."""
    return tx.execute(select(rehearsals).order_by(rehearsals.c.id.desc()).limit(limit)).all()
