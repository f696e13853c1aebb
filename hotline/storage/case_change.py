"""Changes to a case that hold only while it is as their writer saw it: nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.storage.case import CLAIMED, cases, change_if_version
from hotline.storage.database import Transaction
from hotline.storage.tables import Found
from hotline.storage.writing import change_seen


def lock_case(tx: Transaction, case_id: int) -> Found:
    """The case as it is now: who would change it too, or lock it, waits until this is over."""
    wanted = select(cases).where(cases.c.id == case_id)
    return tx.execute(wanted.with_for_update(key_share=True)).one()


def assign_if_version(
    tx: Transaction, case_id: int, version: int, staff_id: int, now: datetime
) -> bool:
    """Give the case to somebody, whoever had it; False when it was changed since, or closed."""
    return change_if_version(
        tx, case_id, version, state=CLAIMED, claimed_by=staff_id, claimed_at=now
    )


def describe_if_version(tx: Transaction, case_id: int, version: int, **values: Any) -> bool:
    """Change what does not depend on whether the case is closed."""
    return change_seen(tx, cases, case_id, version, **values)
