"""Triage of a case: what the caller tells may raise it, only staff may lower it, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from hotline import audit, ladder, paging
from hotline.core.callback_plan import is_more_urgent
from hotline.core.escalation_file import PRIORITIES
from hotline.core.triage import Facts, Reason
from hotline.house_rules import policy_of
from hotline.parts import Hotline
from hotline.storage import case as case_table
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import cancel_pages
from hotline.told import box_of, open_told


class Lowering(StrEnum):
    """What came of making a case less urgent."""

    LOWERED = "lowered"
    NO_REASON = "no_reason"
    NOT_LOWER = "not_lower"  # no priority, or none below the one the case has
    CHANGED_MEANWHILE = "changed_meanwhile"


def heed_answers(
    hotline: Hotline, tx: Transaction, case: Any, plan: Mapping[str, str], notes: Mapping[str, str]
) -> None:
    """Raise the case if what the caller told by now says so. It tells the database no more else."""
    reason = hotline.triage.raises(_facts(case, plan, notes), case.priority, case.heeded or ())
    if reason is not None and case.state != case_table.CLOSED:
        _raise(hotline, tx, case, reason)


def heed_flag(hotline: Hotline, tx: Transaction, case_id: int, flag: str) -> None:
    """The same after a flag was put on the case, where a rule asks for this one."""
    if any(flag in rule.flags for rule in hotline.triage.rules):
        case = case_table.get_case(tx, case_id)
        told = open_told(box_of(hotline, tx, case_id), case)
        heed_answers(hotline, tx, case, told.plan, told.notes)


def lower_priority(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member_id: int,
    priority: str,
    reason: str,
    version: int,
) -> Lowering:
    """Make a case less urgent; what spoke for urgency by now never raises it again by itself."""
    if not reason.strip():
        return Lowering.NO_REASON
    if priority not in PRIORITIES or not is_more_urgent(case.priority, priority):
        return Lowering.NOT_LOWER
    box = box_of(hotline, tx, case.id)
    told = open_told(box, case)
    facts = _facts(case, told.plan, told.notes)
    known = {one.code for one in hotline.triage.reasons(facts)}
    heeded = sorted(known | set(case.heeded or ()))
    if not case_table.change_if_version(tx, case.id, version, priority=priority, heeded=heeded):
        return Lowering.CHANGED_MEANWHILE
    now, sealed = hotline.now(), box.encrypt(reason.encode(), "event")
    case_table.add_event(
        tx, case.id, "lowered", now, code=priority, staff_id=member_id, text_sealed=sealed
    )
    change = f"{case.priority} {priority}"
    audit.note(tx, now, f"staff:{member_id}", "lower", f"case:{case.ref}", change)
    ladder.lower_to(hotline, tx, case.id, priority)
    return Lowering.LOWERED


def _raise(hotline: Hotline, tx: Transaction, case: Any, reason: Reason) -> None:
    now, priority = hotline.now(), reason.priority
    case_table.change_case(tx, case.id, priority=priority)
    case_table.add_event(tx, case.id, "raised", now, code=reason.code)
    audit.note(tx, now, "caller", "raise", f"case:{case.ref}", f"{priority} {reason.code}")
    if case.claimed_by is not None:
        ladder.raise_to(hotline, tx, case.id, priority)
        paging.page(hotline, tx, case.id, case.claimed_by, f"raised:{case.id}:{reason.code}")
        return
    if policy_of(hotline, tx, case.priority).is_calm:
        # The ladder begins anew: a calm page that has not gone out yet would say it twice.
        cancel_pages(tx, case.id, now)
    ladder.raise_to(hotline, tx, case.id, priority)


def _facts(case: Any, plan: Mapping[str, str], notes: Mapping[str, str]) -> Facts:
    return Facts(case.kind, case.reason, frozenset(case.flags), {**notes, **plan})
