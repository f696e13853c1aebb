"""Tables of one row a case that goes on step by step: which step is next, when, and until when.

Such a table has the columns case_id, step, next_at (a row is due then) and ended_at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, select, update

from hotline.storage.database import Transaction


def due_cases(tx: Transaction, table: Table, now: datetime, limit: int) -> Sequence[int]:
    """The cases whose next step is due, longest overdue first."""
    due = (
        select(table.c.case_id)
        .where(table.c.ended_at.is_(None), table.c.next_at <= now)
        .order_by(table.c.next_at)
        .limit(limit)
    )
    return tx.execute(due).scalars().all()


def leave_step(tx: Transaction, table: Table, case_id: int, step: int, next_at: datetime) -> bool:
    """Leave `step` for the one after it; False when another worker was quicker or it has ended."""
    done = tx.execute(
        update(table)
        .where(table.c.case_id == case_id, table.c.step == step, table.c.ended_at.is_(None))
        .values(step=step + 1, next_at=next_at)
    )
    return done.rowcount == 1


def end_steps(tx: Transaction, table: Table, case_id: int, now: datetime) -> None:
    """No step is due any more."""
    tx.execute(
        update(table)
        .where(table.c.case_id == case_id, table.c.ended_at.is_(None))
        .values(ended_at=now)
    )
