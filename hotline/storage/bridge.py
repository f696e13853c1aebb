"""A bridge: one call in which a staff member and a caller are connected through the line.

A case has one bridge at a time: the index below decides it, not a look beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    or_,
    select,
    text,
    update,
)

from hotline.core.bridge_call import CALLER, OVER, STAFF, TALKING
from hotline.core.delivery import CANCELLED, LOST
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import IS_PENDING, outbox
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

bridges = Table(
    "bridge",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("mode", String(8)),  # screened, apart; None until the staff member is on the line
    Column("state", String(8), nullable=False),  # staff, caller, talking, over
    Column("overridden", Boolean, nullable=False),
    Column("staff_item_id", BigId, ForeignKey("outbox_item.id")),  # the call to the staff member
    Column("caller_item_id", BigId, ForeignKey("outbox_item.id")),  # the call to the caller, apart
    Column("started_at", utc, nullable=False),
    Column("news_at", utc, nullable=False),  # when something was last heard of it
    Column("accepted_at", utc),  # the caller pressed 1
    Column("ended_at", utc),
    Column("outcome", String(16)),  # one of attempt.OUTCOMES, or of bridge_call's own; once
    Index("bridge_of_case", "case_id", "started_at"),
    Index("bridge_of_staff_item", "staff_item_id"),
    Index("bridge_of_caller_item", "caller_item_id"),
)
_IS_OPEN = text("ended_at IS NULL")
Index(
    "bridge_open",
    bridges.c.case_id,
    unique=True,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
_WITHOUT_OUTCOME = text("outcome IS NULL")
Index(
    "bridge_unsettled",
    bridges.c.news_at,
    sqlite_where=_WITHOUT_OUTCOME,
    postgresql_where=_WITHOUT_OUTCOME,
)


def begin_bridge(tx: Transaction, **values: Any) -> int | None:
    """A new bridge; its id, or None when the case has one that is not over."""
    return insert_once(tx, bridges, **values)


def get_bridge(tx: Transaction, bridge_id: int) -> Found | None:
    """The bridge, locked until the transaction ends."""
    return tx.execute(select(bridges).where(bridges.c.id == bridge_id).with_for_update()).first()


def find_bridge_by_item(tx: Transaction, item_id: int) -> Found | None:
    """The bridge for which this call was placed, to the staff member or to the caller."""
    of_item = or_(bridges.c.staff_item_id == item_id, bridges.c.caller_item_id == item_id)
    return tx.execute(select(bridges).where(of_item).with_for_update()).first()


def open_bridge_of(tx: Transaction, case_id: int) -> Found | None:
    """The bridge of a case that is not over."""
    return tx.execute(
        select(bridges).where(bridges.c.case_id == case_id, bridges.c.ended_at.is_(None))
    ).first()


def bridges_not_talking(tx: Transaction, staff_id: int) -> Sequence[Found]:
    """Where this person, or the caller for them, is being rung; locked like get_bridge."""
    ringing = and_(_WITHOUT_OUTCOME, bridges.c.state.in_([STAFF, CALLER]))
    theirs = select(bridges).where(ringing, bridges.c.staff_id == staff_id)
    return tx.execute(theirs.with_for_update()).all()


def is_talking(tx: Transaction, staff_id: int) -> bool:
    """Whether this person is connected with a caller now."""
    theirs = (bridges.c.staff_id == staff_id, bridges.c.state == TALKING, _IS_OPEN)
    return tx.execute(select(bridges.c.id).where(*theirs).limit(1)).first() is not None


def last_bridge_of(tx: Transaction, case_id: int) -> Found | None:
    return tx.execute(
        select(bridges).where(bridges.c.case_id == case_id).order_by(bridges.c.id.desc()).limit(1)
    ).first()


def advance(tx: Transaction, bridge_id: int, before: str, now: datetime, **values: Any) -> bool:
    """Leave the state `before`; False when the bridge is not in it any more."""
    done = tx.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id, bridges.c.state == before)
        .values(news_at=now, **values)
    )
    return done.rowcount == 1


def end_bridge(tx: Transaction, bridge_id: int, now: datetime) -> bool:
    """Nobody is on it any more; False when that was known."""
    done = tx.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id, bridges.c.ended_at.is_(None))
        .values(state=OVER, ended_at=now, news_at=now)
    )
    return done.rowcount == 1


def settle_bridge(tx: Transaction, bridge_id: int, outcome: str) -> bool:
    """Write down how it went; the first word stands."""
    done = tx.execute(
        update(bridges)
        .where(bridges.c.id == bridge_id, bridges.c.outcome.is_(None))
        .values(outcome=outcome)
    )
    return done.rowcount == 1


def unsettled_bridges(
    tx: Transaction, silent_since: datetime, talking_since: datetime, limit: int = 100
) -> Sequence[int]:
    """Bridges nobody told the end of: silent for too long, or whose call could not be placed."""
    silent = and_(bridges.c.state != TALKING, bridges.c.news_at < silent_since)
    long = and_(bridges.c.state == TALKING, bridges.c.news_at < talking_since)
    dead = outbox.c.state.in_([*LOST, CANCELLED])
    unplaced = or_(
        and_(bridges.c.state == STAFF, outbox.c.id == bridges.c.staff_item_id, dead),
        and_(bridges.c.state == CALLER, outbox.c.id == bridges.c.caller_item_id, dead),
    )
    has_dead_item = select(outbox.c.id).where(unplaced).exists()
    return (
        tx.execute(
            select(bridges.c.id)
            .where(_WITHOUT_OUTCOME, or_(silent, long, has_dead_item))
            .order_by(bridges.c.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def item_of(tx: Transaction, item_id: int | None) -> Found | None:
    """How far the call that was placed for a bridge has come: `state` and `error`."""
    if item_id is None:
        return None
    wanted = select(outbox.c.state, outbox.c.error).where(outbox.c.id == item_id)
    return tx.execute(wanted).first()


def take_back_calls(tx: Transaction, row: Any, now: datetime) -> None:
    """Calls of a bridge that is over and that were not placed yet never will be."""
    items = [item for item in (row.staff_item_id, row.caller_item_id) if item is not None]
    if items:
        tx.execute(
            update(outbox)
            .where(outbox.c.id.in_(items), IS_PENDING)
            .values(state=CANCELLED, next_at=None, updated_at=now)
        )
