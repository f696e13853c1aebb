"""The running ladder of a case: which step is next, and when. One row a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.steps import due_cases, end_steps, leave_step
from hotline.storage.tables import BigId, Found, metadata, utc

escalations = Table(
    "escalation",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("policy", JSON, nullable=False),  # as it was when the case opened
    Column("step", Integer, nullable=False),
    Column("started_at", utc, nullable=False),
    Column("next_at", utc, nullable=False),
    Column("ended_at", utc),
)
Index(
    "escalation_due",
    escalations.c.next_at,
    sqlite_where=escalations.c.ended_at.is_(None),
    postgresql_where=escalations.c.ended_at.is_(None),
)

_ADD = insert(escalations)


def start_escalation(
    tx: Transaction, case_id: int, policy: dict[str, Any], started: datetime, next_at: datetime
) -> None:
    """The first page has gone out (step 0); step 1 is due at `next_at`."""
    tx.execute(
        _ADD,
        {
            "case_id": case_id,
            "policy": policy,
            "step": 1,
            "started_at": started,
            "next_at": next_at,
        },
    )


def get_escalation(tx: Transaction, case_id: int) -> Found | None:
    return tx.execute(select(escalations).where(escalations.c.case_id == case_id)).first()


def due_escalations(tx: Transaction, now: datetime, limit: int) -> Sequence[int]:
    return due_cases(tx, escalations, now, limit)


def step_up(tx: Transaction, case_id: int, step: int, next_at: datetime) -> bool:
    """Leave `step` for the one after it; False when another worker was quicker or it has ended."""
    return leave_step(tx, escalations, case_id, step, next_at)


def hasten(tx: Transaction, case_id: int, now: datetime) -> None:
    """The next step is due at once."""
    tx.execute(
        update(escalations)
        .where(
            escalations.c.case_id == case_id,
            escalations.c.ended_at.is_(None),
            escalations.c.next_at > now,
        )
        .values(next_at=now)
    )


def end_escalation(tx: Transaction, case_id: int, now: datetime) -> None:
    end_steps(tx, escalations, case_id, now)


def start_again(tx: Transaction, case_id: int, now: datetime, next_at: datetime) -> None:
    """Nobody has the case any more: the ladder begins anew, as it was frozen when it opened.

    The first page of it has gone out; step 1 is due at `next_at`.
    """
    tx.execute(
        update(escalations)
        .where(escalations.c.case_id == case_id)
        .values(step=1, started_at=now, next_at=next_at, ended_at=None)
    )


def freeze(tx: Transaction, case_id: int, policy: dict[str, Any]) -> None:
    """From now on this is the ladder of the case."""
    tx.execute(update(escalations).where(escalations.c.case_id == case_id).values(policy=policy))
