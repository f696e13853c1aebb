"""Forgetting one closed case: what of it may still be counted is kept, the rest is shredded."""

from __future__ import annotations

from typing import Any

from hotline import audit
from hotline.core.callback_plan import AGE
from hotline.core.retention import province_of, to_the_month
from hotline.describing import facts_of
from hotline.parts import Hotline
from hotline.storage import retention_case as table
from hotline.storage.case import case_key
from hotline.storage.database import Transaction
from hotline.told import open_told
from hotline.vault import SealBroken


def forget(hotline: Hotline, tx: Transaction, case_id: int, actor: str, why: str) -> bool:
    """Forget a case that is closed and held by nobody; False when it is not, or not any more.

    `why` is a code: the rule, or the command.
    """
    case = table.find_closed(tx, case_id)
    if case is None:
        return False
    now = hotline.now()
    done = table.forget_case(
        tx,
        case,
        now,
        back=to_the_month(case.opened_at),
        place=province_of(case.place),
        age_band=_age_band(hotline, tx, case),
    )
    if done:
        audit.note(tx, now, actor, "forget_case", f"case:{case.ref}", why)
    return done


def _age_band(hotline: Hotline, tx: Transaction, case: Any) -> str | None:
    """What staff chose of the child's age, or what the caller keyed: both are bands already."""
    wrapped = case_key(tx, case.id)
    if wrapped is None:
        return None
    try:
        told = open_told(hotline.vault.case_box(wrapped), case)
        band = facts_of(told, case).get("age") or told.plan.get(AGE) or told.notes.get(AGE)
    except SealBroken:  # what nobody can read must not be kept for that
        return None
    return str(band)[:8] if band else None
