"""Changes to a case that hold only while it is as their writer saw it: nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from hotline.storage.case import CLAIMED, cases, change_if_version
from hotline.storage.database import Transaction


def assign_if_version(
    tx: Transaction, case_id: int, version: int, staff_id: int, now: datetime
) -> bool:
    """Give the case to somebody, whoever had it; False when it was changed since, or closed."""
    return change_if_version(
        tx, case_id, version, state=CLAIMED, claimed_by=staff_id, claimed_at=now
    )


def describe_if_version(tx: Transaction, case_id: int, version: int, **values: Any) -> bool:
    """Change what does not depend on whether the case is closed."""
    done = tx.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.version == version)
        .values(version=cases.c.version + 1, **values)
    )
    return done.rowcount == 1
