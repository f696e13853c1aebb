"""Spellings added at the desk, and a stamp that changes whenever one comes into force or goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    select,
    text,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.staff_member import staff
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once, insert_row

PENDING, IN_FORCE, WITHDRAWN = "pending", "in_force", "withdrawn"

additions = Table(
    "keyword_addition",
    metadata,
    row_id(),
    Column("topic", String(32), nullable=False),
    Column("language", String(8), nullable=False),  # km, latn, en: the lists of the file
    Column("spelling", String(80), nullable=False),
    Column("letters", String(80), nullable=False),  # the same in the form texts are compared in
    Column("used", String(8), nullable=False),  # alone, inside
    Column("state", String(16), nullable=False),
    Column("added_by", BigId, ForeignKey("staff.id"), nullable=False),
    Column("added_at", utc, nullable=False),
    Column("approved_by", BigId, ForeignKey("staff.id")),
    Column("approved_at", utc),
    Column("withdrawn_by", BigId, ForeignKey("staff.id")),
    Column("withdrawn_at", utc),
)
_NOT_WITHDRAWN = text("state <> 'withdrawn'")
Index(
    "one_spelling_at_a_time",
    additions.c.letters,
    unique=True,
    sqlite_where=_NOT_WITHDRAWN,
    postgresql_where=_NOT_WITHDRAWN,
)

# One row, which every change marks before it does anything else: changes queue at it, so that none
# is passed over, as could happen with the times of two transactions. A mark is made by chance: what
# was put back from a backup has none that a process took for something else.
stamps = Table(
    "keyword_stamp",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", BigInteger, nullable=False),
)

_STAMP = select(stamps.c.stamp).where(stamps.c.id == 1)
_MARK = update(stamps).where(stamps.c.id == 1).values(stamp=bindparam("mark"))


def newest_stamp(tx: Transaction) -> int:
    """Asked once a text; 0 as long as nothing was ever added."""
    return tx.execute(_STAMP).scalar() or 0


def mark_change(tx: Transaction, mark: int) -> None:
    """First of all in a change: others who change something wait here."""
    if tx.execute(_MARK, {"mark": mark}).rowcount == 0:
        insert_once(tx, stamps, id=1, stamp=mark)
        tx.execute(_MARK, {"mark": mark})


def add_addition(tx: Transaction, **values: Any) -> int:
    return insert_row(tx, additions, **values)


def get_addition(tx: Transaction, addition_id: int) -> Found | None:
    return tx.execute(select(additions).where(additions.c.id == addition_id)).first()


def find_addition(tx: Transaction, letters: str) -> Found | None:
    """The one with these letters that was not withdrawn."""
    return tx.execute(
        select(additions).where(additions.c.letters == letters, additions.c.state != WITHDRAWN)
    ).first()


def additions_in(tx: Transaction, *states: str, limit: int = 2000) -> Sequence[Found]:
    """Newest first, with who added them."""
    return tx.execute(
        select(additions, staff.c.name.label("added_by_name"))
        .join_from(additions, staff, staff.c.id == additions.c.added_by)
        .where(additions.c.state.in_(states))
        .order_by(additions.c.id.desc())
        .limit(limit)
    ).all()


def approve_if_pending(tx: Transaction, addition_id: int, staff_id: int, now: datetime) -> bool:
    """Whether it came into force by this; who added it is for the feature to look at."""
    done = tx.execute(
        update(additions)
        .where(additions.c.id == addition_id, additions.c.state == PENDING)
        .values(state=IN_FORCE, approved_by=staff_id, approved_at=now)
    )
    return done.rowcount == 1


def withdraw_if_there(tx: Transaction, addition_id: int, staff_id: int, now: datetime) -> bool:
    done = tx.execute(
        update(additions)
        .where(additions.c.id == addition_id, additions.c.state != WITHDRAWN)
        .values(state=WITHDRAWN, withdrawn_by=staff_id, withdrawn_at=now)
    )
    return done.rowcount == 1
