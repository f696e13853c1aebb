"""A forgetting: first a report of what is due, a day later its carrying out. One at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

PROPOSED, RUNNING, DONE, STOPPED = "proposed", "running", "done", "stopped"

runs = Table(
    "retention_run",
    metadata,
    row_id(),
    Column("state", String(8), nullable=False),
    Column("slot", Integer, unique=True),  # 1 until it is over: there is one at a time
    Column("as_of", utc, nullable=False),  # what was due then, whatever the clock says later
    Column("runs_at", utc, nullable=False),
    Column("reasons", JSON, nullable=False),  # codes: why it waits for a person
    Column("due", JSON, nullable=False),  # the report: how many by rule
    Column("done", JSON, nullable=False),  # how many were really forgotten
    Column("decided_by", BigId, ForeignKey("staff.id")),  # who let it go, or stopped it
    Column("decided_at", utc),
    Column("ended_at", utc),
)


def propose_run(tx: Transaction, **values: Any) -> int | None:
    """None while another one is not over."""
    return insert_once(tx, runs, state=PROPOSED, slot=1, done={}, **values)


def current_run(tx: Transaction, *, lock: bool = False) -> Found | None:
    """The one that is not over."""
    query = select(runs).where(runs.c.slot == 1)
    return tx.execute(query.with_for_update() if lock else query).first()


def get_run(tx: Transaction, run_id: int) -> Found:
    return tx.execute(select(runs).where(runs.c.id == run_id)).one()


def last_runs(tx: Transaction, limit: int) -> Sequence[Found]:
    """Newest first, with who decided."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(runs, staff.c.name.label("decided_by_name"))
        .outerjoin(staff, staff.c.id == runs.c.decided_by)
        .order_by(runs.c.id.desc())
        .limit(limit)
    ).all()


def start_run(tx: Transaction, run_id: int) -> bool:
    """False when somebody stopped it, or another worker has begun."""
    return _leave(tx, run_id, (PROPOSED,), state=RUNNING)


def count_done(tx: Transaction, run_id: int, done: Mapping[str, int]) -> None:
    tx.execute(update(runs).where(runs.c.id == run_id).values(done=dict(done)))


def end_run(tx: Transaction, run_id: int, now: datetime) -> bool:
    return _leave(tx, run_id, (RUNNING,), state=DONE, slot=None, ended_at=now)


def stop_run(tx: Transaction, run_id: int, staff_id: int | None, now: datetime) -> bool:
    """Also one that has begun: what is forgotten stays forgotten, the rest stays."""
    over = {"state": STOPPED, "slot": None, "ended_at": now}
    return _leave(tx, run_id, (PROPOSED, RUNNING), decided_by=staff_id, decided_at=now, **over)


def let_run(tx: Transaction, run_id: int, staff_id: int, now: datetime) -> bool:
    """Somebody has looked at a report that waits for a person."""
    waits = runs.c.decided_by.is_(None)
    return _leave(tx, run_id, (PROPOSED,), waits, decided_by=staff_id, decided_at=now)


def _leave(tx: Transaction, run_id: int, states: Sequence[str], *more: Any, **values: Any) -> bool:
    done = tx.execute(
        update(runs).where(runs.c.id == run_id, runs.c.state.in_(states), *more).values(**values)
    )
    return done.rowcount == 1
