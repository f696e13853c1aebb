"""Cases as counts need them: nothing that was told, nobody's number, no reference."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from hotline.storage.attempt import attempts
from hotline.storage.case import cases
from hotline.storage.database import Transaction
from hotline.storage.rehearsal import KIND as REHEARSAL

_AT_ONCE = 1000
_COLUMNS = (
    "opened_at",
    "place",
    "kind",
    "chi",
    "local_code",
    "age_band",
    "priority",
    "channel",
    "state",
    "outcome",
    "claimed_at",
    "first_attempt_at",
    "closed_at",
)
_TRIED = (
    select(func.count())
    .select_from(attempts)
    .where(attempts.c.case_id == cases.c.id)
    .scalar_subquery()
)


def counted_cases(
    tx: Transaction, since: datetime, until: datetime
) -> Generator[Sequence[Any], None, None]:
    """A thousand at a time, in an order that has nothing to do with when they came.

    References are drawn by lot: a row's place in an export says nothing of its month.
    """
    wanted = (
        select(*(cases.c[name] for name in _COLUMNS), _TRIED.label("tried"))
        .where(cases.c.opened_at >= since, cases.c.opened_at < until, cases.c.kind != REHEARSAL)
        .order_by(cases.c.ref)
    )
    with tx.execute(wanted, execution_options={"yield_per": _AT_ONCE}) as found:
        yield from found.partitions()
