"""What the page of a case shows of a call through the line: the gate, and a call under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hotline import calling_back
from hotline.core.bridge_call import STAFF
from hotline.core.safe_call import Gate
from hotline.safe_calling import Known
from hotline.storage.bridge import last_bridge_of
from hotline.storage.case import CLOSED
from hotline.storage.database import Transaction
from hotline.web.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class CallView:
    """What the page shows of a call through the line.

    `under_way` is the state of the bridge there is, or None; `last` how the one before it ended.
    `untold`: nobody has said yet how it ended.
    """

    gate: Gate
    may_override: bool
    under_way: str | None
    last: str | None
    untold: bool = False

    @property
    def rings_staff(self) -> bool:
        return self.under_way == STAFF


def call_view(here: Visit, tx: Transaction, case: Any, known: Known) -> CallView | None:
    """None for a case nobody calls about any more."""
    if case.state == CLOSED:
        return None
    found = calling_back.gate(here.hotline, tx, case, known)
    row = last_bridge_of(tx, case.id)
    is_open = row is not None and row.ended_at is None
    return CallView(
        gate=found,
        may_override=found.may_be_overridden_by(here.member.role),
        under_way=row.state if row is not None and is_open else None,
        last=row.outcome if row is not None and not is_open else None,
        untold=row is not None and not is_open and row.outcome is None,
    )
