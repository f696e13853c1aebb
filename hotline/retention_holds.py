"""What speaks against forgetting, and for it: legal holds, and two people who agree on a case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from hotline import audit
from hotline.core.retention import TWO
from hotline.parts import Hotline
from hotline.storage import retention_consent as consents
from hotline.storage import retention_due as due
from hotline.storage import retention_hold as holds
from hotline.storage import retention_run as runs
from hotline.storage.case import add_event, find_case
from hotline.storage.database import Transaction
from hotline.told import box_of

REASON = "hold"
"""For what the reason of a hold is sealed, with the key of its case."""


class Said(StrEnum):
    """What came of it."""

    DONE = "done"
    NO_CASE = "no_case"
    FORGOTTEN = "forgotten"
    HELD = "held"
    SAME_PERSON = "same_person"
    NOT_DUE = "not_due"
    TOO_LATE = "too_late"


def hold(
    hotline: Hotline, tx: Transaction, ref: str, reason: str, until: datetime, member_id: int
) -> Said:
    """From now on nothing of this case is forgotten, whatever was reported or agreed before."""
    case = holds.case_to_hold(tx, ref)
    if case is None:
        return Said.NO_CASE
    if case.forgotten_at is not None:
        return Said.FORGOTTEN
    now, box = hotline.now(), box_of(hotline, tx, case.id)
    placed = holds.place_hold(
        tx,
        case_id=case.id,
        reason_sealed=box.encrypt(reason.encode(), REASON),
        placed_by=member_id,
        placed_at=now,
        until=until,
    )
    if not placed:
        return Said.HELD
    said = box.encrypt(reason.encode(), "event")
    add_event(tx, case.id, "held", now, staff_id=member_id, text_sealed=said)
    audit.note(tx, now, f"staff:{member_id}", "place_hold", f"case:{ref}", "reason,until")
    return Said.DONE


def lift(hotline: Hotline, tx: Transaction, hold_id: int, member_id: int) -> Said:
    """Somebody else than who placed it; what is due is forgotten at the next run, not at once."""
    now, row = hotline.now(), holds.get_hold(tx, hold_id)
    if row is None or row.lifted_at is not None:
        return Said.TOO_LATE
    if not holds.lift_hold(tx, hold_id, member_id, now):
        return Said.SAME_PERSON if row.placed_by == member_id else Said.TOO_LATE
    add_event(tx, row.case_id, "hold_lifted", now, staff_id=member_id)
    audit.note(tx, now, f"staff:{member_id}", "lift_hold", f"case:{row.ref}")
    return Said.DONE


def propose(hotline: Hotline, tx: Transaction, ref: str, member_id: int) -> Said:
    """A supervisor says that a case of a rule that asks two may go."""
    case, now = find_case(tx, ref), hotline.now()
    if case is None or not _is_due(hotline, tx, case.id, now):
        return Said.NOT_DUE
    if not consents.propose(tx, case.id, member_id, now):
        return Said.TOO_LATE
    audit.note(tx, now, f"staff:{member_id}", "propose_forgetting", f"case:{ref}")
    return Said.DONE


def agree(hotline: Hotline, tx: Transaction, ref: str, member_id: int) -> Said:
    """Somebody else agrees; it is forgotten with the next run."""
    case, now = find_case(tx, ref), hotline.now()
    if case is None or not _is_due(hotline, tx, case.id, now):
        return Said.NOT_DUE
    if not consents.agree(tx, case.id, member_id, now):
        found = consents.consents_for(tx, [case.id]).get(case.id)
        is_own = found is not None and found.proposed_by == member_id and found.agreed_at is None
        return Said.SAME_PERSON if is_own else Said.TOO_LATE
    audit.note(tx, now, f"staff:{member_id}", "agree_to_forgetting", f"case:{ref}")
    return Said.DONE


def take_back(hotline: Hotline, tx: Transaction, ref: str, member_id: int) -> Said:
    """Either of them, or a third, thought better of it."""
    case, now = find_case(tx, ref), hotline.now()
    if case is None or case.forgotten_at is not None or not consents.take_back(tx, case.id):
        return Said.TOO_LATE
    audit.note(tx, now, f"staff:{member_id}", "keep_longer", f"case:{ref}")
    return Said.DONE


def _is_due(hotline: Hotline, tx: Transaction, case_id: int, now: datetime) -> bool:
    schedule = hotline.schedule
    return any(
        due.is_to_agree_on(tx, schedule, rule, case_id, now) for rule in schedule.asking(TWO)
    )


def let_go(hotline: Hotline, tx: Transaction, run_id: int, member_id: int) -> Said:
    """A report that waits for a person may be carried out, once it has stood its time."""
    now = hotline.now()
    if not runs.let_run(tx, run_id, member_id, now):
        return Said.TOO_LATE
    audit.note(tx, now, f"staff:{member_id}", "let_forgetting", "retention", f"run={run_id}")
    return Said.DONE


def stop(hotline: Hotline, tx: Transaction, run_id: int, member_id: int) -> Said:
    """Nothing more of this report is forgotten; the next one will wait for a person."""
    now = hotline.now()
    if not runs.stop_run(tx, run_id, member_id, now):
        return Said.TOO_LATE
    audit.note(tx, now, f"staff:{member_id}", "stop_forgetting", "retention", f"run={run_id}")
    return Said.DONE
