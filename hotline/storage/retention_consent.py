"""Two people agree that a case is forgotten: one proposes it, somebody else agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, ForeignKey, Table, delete, exists, select, update

from hotline.storage.case import cases
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, utc
from hotline.storage.writing import insert_once

consents = Table(
    "retention_consent",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("proposed_by", BigId, ForeignKey("staff.id"), nullable=False),
    Column("proposed_at", utc, nullable=False),
    Column("agreed_by", BigId, ForeignKey("staff.id")),
    Column("agreed_at", utc),
)


def is_agreed() -> ColumnElement[bool]:
    """In a question about `cases`: whether two people agreed."""
    return exists().where(consents.c.case_id == cases.c.id, consents.c.agreed_at.is_not(None))


def propose(tx: Transaction, case_id: int, staff_id: int, now: datetime) -> bool:
    """False when somebody did before."""
    done = insert_once(tx, consents, case_id=case_id, proposed_by=staff_id, proposed_at=now)
    return done is not None


def agree(tx: Transaction, case_id: int, staff_id: int, now: datetime) -> bool:
    """False for who proposed it, and for what nobody proposed."""
    done = tx.execute(
        update(consents)
        .where(
            consents.c.case_id == case_id,
            consents.c.proposed_by != staff_id,
            consents.c.agreed_at.is_(None),
        )
        .values(agreed_by=staff_id, agreed_at=now)
    )
    return done.rowcount == 1


def take_back(tx: Transaction, case_id: int) -> bool:
    """Until it is carried out anybody of them may change their mind."""
    return tx.execute(delete(consents).where(consents.c.case_id == case_id)).rowcount == 1


def consents_for(tx: Transaction, case_ids: Sequence[int]) -> dict[int, Found]:
    staff = metadata.tables["staff"]
    found = tx.execute(
        select(consents, staff.c.name.label("proposed_by_name"))
        .join(staff, staff.c.id == consents.c.proposed_by)
        .where(consents.c.case_id.in_(case_ids))
    )
    return {row.case_id: row for row in found}
