"""An export somebody asked for: who has it in hand, how far it is, where its sealed file lies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    func,
    literal_column,
    or_,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

WAITING, MAKING, DONE = "waiting", "making", "done"
CANCELLED, FAILED, DELETED = "cancelled", "failed", "deleted"
UNDER_WAY = (WAITING, MAKING)

export_jobs = Table(
    "export_job",
    metadata,
    row_id(),
    Column("asked_by", BigId, ForeignKey("staff.id"), nullable=False),
    Column("asked_at", utc, nullable=False),
    Column("format", String(8), nullable=False),  # xlsx, csv
    Column("first_month", String(7), nullable=False),  # 2026-01
    Column("last_month", String(7), nullable=False),
    Column("state", String(16), nullable=False),
    Column("lease_owner", String(48)),
    Column("lease_until", utc),
    Column("tries", Integer, nullable=False, default=0),
    Column("looked_at", Integer, nullable=False, default=0),  # cases so far
    Column("total", Integer),  # cases in all, once they were counted
    Column("told", Integer),  # rows in the file
    Column("file", String(64)),  # a random name in the exports folder
    Column("size", BigId),
    Column("ended_at", utc),
    Index("export_by_time", "asked_at"),
)
_IS_UNDER_WAY = export_jobs.c.state.in_([literal_column(f"'{state}'") for state in UNDER_WAY])
Index(
    "export_under_way",
    export_jobs.c.id,
    sqlite_where=_IS_UNDER_WAY,
    postgresql_where=_IS_UNDER_WAY,
)


def ask_for_export(tx: Transaction, **values: Any) -> int:
    return insert_row(tx, export_jobs, state=WAITING, **values)


def get_export(tx: Transaction, number: int) -> Found | None:
    return tx.execute(select(export_jobs).where(export_jobs.c.id == number)).first()


def newest_exports(tx: Transaction, limit: int) -> Sequence[Found]:
    """With the name of who asked, newest first."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(export_jobs, staff.c.name.label("asked_by_name"))
        .join(staff, staff.c.id == export_jobs.c.asked_by)
        .order_by(export_jobs.c.asked_at.desc(), export_jobs.c.id.desc())
        .limit(limit)
    ).all()


def count_under_way(tx: Transaction) -> int:
    found = select(func.count()).select_from(export_jobs).where(_IS_UNDER_WAY)
    return int(tx.execute(found).scalar_one())


def next_export(tx: Transaction, now: datetime) -> Found | None:
    """The oldest that nobody has in hand, or whose worker died."""
    return tx.execute(
        select(export_jobs).where(_IS_UNDER_WAY, _is_free(now)).order_by(export_jobs.c.id).limit(1)
    ).first()


def give_up_tried(tx: Transaction, tries: int, now: datetime) -> None:
    """Those that died in the hands of so many workers."""
    tx.execute(
        update(export_jobs)
        .where(_IS_UNDER_WAY, _is_free(now), export_jobs.c.tries >= tries)
        .values(state=FAILED, ended_at=now, lease_owner=None)
    )


def claim_export(tx: Transaction, number: int, owner: str, now: datetime, until: datetime) -> bool:
    """Whether it is ours to make; the first one who asks has it until the lease runs out."""
    done = tx.execute(
        update(export_jobs)
        .where(export_jobs.c.id == number, _IS_UNDER_WAY, _is_free(now))
        .values(
            state=MAKING,
            lease_owner=owner,
            lease_until=until,
            tries=export_jobs.c.tries + 1,
            looked_at=0,
        )
    )
    return done.rowcount == 1


def _is_free(now: datetime) -> Any:
    jobs = export_jobs.c
    return or_(jobs.state == WAITING, and_(jobs.state == MAKING, jobs.lease_until < now))


def go_on(tx: Transaction, number: int, owner: str, until: datetime, **values: Any) -> bool:
    """How far it is; False when it was cancelled, or somebody else has it by now."""
    done = tx.execute(
        update(export_jobs)
        .where(
            export_jobs.c.id == number,
            export_jobs.c.state == MAKING,
            export_jobs.c.lease_owner == owner,
        )
        .values(lease_until=until, **values)
    )
    return done.rowcount == 1


def end_export(
    tx: Transaction, number: int, owner: str, state: str, now: datetime, **values: Any
) -> bool:
    """It is over, one way or another; False when it was over already, or is somebody else's."""
    ended = {"state": state, "ended_at": now, "lease_owner": None, **values}
    return go_on(tx, number, owner, now, **ended)


def cancel_export(tx: Transaction, number: int, now: datetime) -> bool:
    done = tx.execute(
        update(export_jobs)
        .where(export_jobs.c.id == number, _IS_UNDER_WAY)
        .values(state=CANCELLED, ended_at=now, lease_owner=None)
    )
    return done.rowcount == 1


def exports_to_delete(tx: Transaction, before: datetime) -> Sequence[Found]:
    jobs = export_jobs.c
    return tx.execute(
        select(export_jobs).where(jobs.state == DONE, jobs.ended_at < before).limit(100)
    ).all()


def files_kept(tx: Transaction) -> set[str]:
    """The names of all that can be taken away."""
    found = select(export_jobs.c.file).where(export_jobs.c.state == DONE)
    return {str(name) for name in tx.execute(found).scalars()}


def mark_deleted(tx: Transaction, number: int) -> None:
    tx.execute(
        update(export_jobs)
        .where(export_jobs.c.id == number, export_jobs.c.state == DONE)
        .values(state=DELETED, file=None)
    )


def give_up_exports(tx: Transaction, now: datetime) -> None:
    """Their files are not here: the database was put back from a backup."""
    tx.execute(
        update(export_jobs)
        .where(export_jobs.c.state.in_([*UNDER_WAY, DONE]))
        .values(state=DELETED, file=None, ended_at=now, lease_owner=None)
    )
