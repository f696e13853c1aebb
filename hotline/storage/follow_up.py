"""What must happen next to a case that somebody has, and by when. One row a case.

The ladder (storage.escalation) runs until somebody has a case; this runs from then until it closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.referral import first_due
from hotline.storage.steps import due_cases, end_steps, leave_step
from hotline.storage.tables import BigId, Found, metadata, utc

FIRST_ATTEMPT = "first_attempt"
NEXT_ATTEMPT = "next_attempt"
SUPERVISOR_DECIDES = "supervisor_decides"
FOLLOW_UP = "follow_up"
CALL_AGAIN = "call_again"  # a day and time that staff set

follow_ups = Table(
    "follow_up",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("what", String(24), nullable=False),  # one of the five words above
    Column("step", Integer, nullable=False),  # how often somebody has been reminded of it
    Column("due_at", utc, nullable=False),  # by when it must have happened
    Column("next_at", utc, nullable=False),  # when somebody is reminded next
    Column("ended_at", utc),
    Column("reason_sealed", LargeBinary),  # why staff set this date, by the key of the case
)
Index(
    "follow_up_due",
    follow_ups.c.next_at,
    sqlite_where=follow_ups.c.ended_at.is_(None),
    postgresql_where=follow_ups.c.ended_at.is_(None),
)


def set_follow_up(
    tx: Transaction, case_id: int, what: str, due_at: datetime, reason: bytes | None = None
) -> None:
    """From now on `what` must happen by `due_at`; nobody is reminded before."""
    values = {
        "what": what,
        "step": 0,
        "due_at": due_at,
        "next_at": due_at,
        "ended_at": None,
        "reason_sealed": reason,
    }
    done = tx.execute(update(follow_ups).where(follow_ups.c.case_id == case_id).values(**values))
    if done.rowcount == 0:
        tx.execute(insert(follow_ups), {"case_id": case_id, **values})


def renew_date(tx: Transaction, case_id: int, now: datetime) -> bool:
    """A date that staff set and that is still to come holds on; False where there is none."""
    c = follow_ups.c
    theirs = (c.what.in_((CALL_AGAIN, FOLLOW_UP)), c.reason_sealed.is_not(None), c.due_at > now)
    done = tx.execute(update(follow_ups).where(c.case_id == case_id, *theirs).values(ended_at=None))
    return done.rowcount == 1


def look_for_word(tx: Transaction, case_id: int, now: datetime) -> None:
    """Somebody looks when the next word of a service is missed, if that is before what is due."""
    word = first_due(tx, case_id, now)
    if word is not None:
        c = follow_ups.c
        is_before = (c.ended_at.is_(None), c.due_at > word, c.next_at > word)
        tx.execute(update(follow_ups).where(c.case_id == case_id, *is_before).values(next_at=word))


def wait_until_due(tx: Transaction, case_id: int, looked_at: datetime) -> bool:
    """Nobody looks any more before it is due; False when another worker was quicker."""
    c = follow_ups.c
    mine = (c.case_id == case_id, c.next_at == looked_at, c.ended_at.is_(None))
    done = tx.execute(update(follow_ups).where(*mine).values(next_at=c.due_at))
    return done.rowcount == 1


def get_follow_up(tx: Transaction, case_id: int) -> Found | None:
    return tx.execute(select(follow_ups).where(follow_ups.c.case_id == case_id)).first()


def due_follow_ups(tx: Transaction, now: datetime, limit: int) -> Sequence[int]:
    """The cases of which somebody must be reminded now, longest overdue first."""
    return due_cases(tx, follow_ups, now, limit)


def remind_again(tx: Transaction, case_id: int, step: int, next_at: datetime) -> bool:
    """Leave `step` for the one after it; False when another worker was quicker or it has ended."""
    return leave_step(tx, follow_ups, case_id, step, next_at)


def end_follow_up(tx: Transaction, case_id: int, now: datetime) -> None:
    end_steps(tx, follow_ups, case_id, now)
