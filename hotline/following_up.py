"""Claimed is not done: what must happen next to a case, and who is told when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from hotline import audit, first_attempt, ladder, paging, staffing
from hotline.core.attempt_plan import SupervisorDecides, next_attempt
from hotline.core.callback_plan import consent_of
from hotline.core.escalation import BOTH, SMS, Policy
from hotline.house_rules import policy_of_case
from hotline.one_by_one import one_by_one
from hotline.parts import Hotline
from hotline.storage.attempt import attempts_of
from hotline.storage.case import CLOSED, add_event, get_case, give_back
from hotline.storage.database import Transaction
from hotline.storage.follow_up import (
    CALL_AGAIN,
    FIRST_ATTEMPT,
    FOLLOW_UP,
    NEXT_ATTEMPT,
    SUPERVISOR_DECIDES,
    due_follow_ups,
    end_follow_up,
    get_follow_up,
    look_for_word,
    remind_again,
    set_follow_up,
    wait_until_due,
)
from hotline.storage.referral import first_due
from hotline.storage.staff_member import get_staff

URGENT = ("P0", "P1")
MISSES_TOLD = 2
"""After so many calls in vain about an urgent case the supervisors hear of it too."""

_SOON, _DAILY = timedelta(hours=1), timedelta(hours=24)


def after_attempt(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    plan: Mapping[str, str],
    notes: Mapping[str, str],
    outcome: str,
) -> None:
    """Somebody tried to call: set what must happen next, and by when."""
    now = hotline.now()
    if outcome == "reached":
        clock = policy_of_case(hotline, tx, case).clock
        set_follow_up(tx, case.id, FOLLOW_UP, now + timedelta(seconds=clock.follow_up))
        look_for_word(tx, case.id, now)
        return
    if outcome == "unsafe":
        set_follow_up(tx, case.id, SUPERVISOR_DECIDES, now)
        return
    tries = [(row.at, row.outcome) for row in attempts_of(tx, case.id)]
    due = next_attempt(plan, notes, case.flags, case.priority, tries, now)
    if isinstance(due, SupervisorDecides):
        set_follow_up(tx, case.id, SUPERVISOR_DECIDES, now)
        return
    set_follow_up(tx, case.id, NEXT_ATTEMPT, due)
    look_for_word(tx, case.id, now)
    misses = sum(tried != "reached" for _, tried in tries)
    if case.priority in URGENT and misses == MISSES_TOLD:
        _tell_supervisors(hotline, tx, case, f"misses:{case.id}:{int(now.timestamp())}")


def raise_overdue(hotline: Hotline, limit: int = 100) -> int:
    """Remind of everything that should have happened by now; how many cases that were."""
    with hotline.reading() as tx:
        due = due_follow_ups(tx, hotline.now(), limit)
    return one_by_one(partial(_remind, hotline), due, "follow_up")


def _remind(hotline: Hotline, case_id: int) -> bool:
    now = hotline.now()
    with hotline.transaction() as tx:
        row, case = get_follow_up(tx, case_id), get_case(tx, case_id)
        if row is None or row.ended_at is not None or row.next_at > now:
            return False
        if case.state == CLOSED:
            end_follow_up(tx, case_id, now)
            return False
        if row.due_at > now:
            return _look_for_word(hotline, tx, case, row)
        policy = policy_of_case(hotline, tx, case)
        if not remind_again(tx, case_id, row.step, now + _pause(case, row.what, policy)):
            return False
        key = f"due:{case_id}:{int(row.due_at.timestamp())}:{row.step}"
        if row.what in (FIRST_ATTEMPT, NEXT_ATTEMPT):
            _nobody_called(hotline, tx, case, row.step, key)
        elif row.what == SUPERVISOR_DECIDES:
            _tell_supervisors(hotline, tx, case, key)
        else:
            _look_again(hotline, tx, case, row.step, key, is_promised=row.what == CALL_AGAIN)
        return True


def _look_for_word(hotline: Hotline, tx: Transaction, case: Any, row: Any) -> bool:
    """Before what is due, the word of a service may be missed: whoever has the case hears once."""
    now = hotline.now()
    if not wait_until_due(tx, case.id, row.next_at):
        return False
    missed = first_due(tx, case.id)
    look_for_word(tx, case.id, now)
    if missed is None or missed > now or case.claimed_by is None:
        return False
    holder = get_staff(tx, case.claimed_by)
    key = f"word:{case.id}:{int(missed.timestamp())}:{holder.id}"
    paging.remind(hotline, tx, case, holder, "STAFF_FOLLOW_UP", key, SMS)
    return True


def _pause(case: Any, what: str, policy: Policy) -> timedelta:
    """How long after this reminder comes the next one: there is always a next one."""
    if what in (FIRST_ATTEMPT, NEXT_ATTEMPT):
        return timedelta(seconds=policy.clock.lapse)
    is_urgent = case.priority in URGENT
    return _SOON if what in (SUPERVISOR_DECIDES, CALL_AGAIN) and is_urgent else _DAILY


def _nobody_called(hotline: Hotline, tx: Transaction, case: Any, step: int, key: str) -> None:
    """First whoever has it is reminded; then the case goes back to the ladder.

    Nobody is hurried to call where the caller said no, or where a call may bring danger.
    """
    if consent_of({}, case.flags) in ("no", "quiet"):
        set_follow_up(tx, case.id, SUPERVISOR_DECIDES, hotline.now())
        return
    policy = policy_of_case(hotline, tx, case)
    if step == 0 and first_attempt.wait_for_hours(hotline, tx, case, policy):
        return
    holder = get_staff(tx, case.claimed_by) if case.claimed_by is not None else None
    if holder is not None and holder.active and step == 0:
        add_event(tx, case.id, "attempt_overdue", hotline.now(), staff_id=holder.id)
        by = BOTH if case.priority in URGENT else SMS
        paging.remind(hotline, tx, case, holder, "STAFF_FORGOTTEN", key, by)
        return
    lapse(hotline, tx, case)


def lapse(hotline: Hotline, tx: Transaction, case: Any) -> None:
    """Whoever had the case did nothing: it is open again, and the next people are asked."""
    now = hotline.now()
    if case.claimed_by is not None and give_back(tx, case.id, case.claimed_by):
        add_event(tx, case.id, "claim_lapsed", now, staff_id=case.claimed_by)
        audit.note(tx, now, "system", "claim_lapsed", f"case:{case.ref}")
    end_follow_up(tx, case.id, now)
    ladder.restart(hotline, tx, case.id, but_not=case.claimed_by)


def hand_back(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, reason: bytes | None = None
) -> bool:
    """Whoever has the case cannot go on with it: the ladder begins anew, without them.

    False where somebody else has it by now.
    """
    now = hotline.now()
    if not give_back(tx, case.id, member.id):
        return False
    add_event(tx, case.id, "given_back", now, staff_id=member.id, text_sealed=reason)
    audit.note(tx, now, f"staff:{member.id}", "give_back", f"case:{case.ref}")
    end_follow_up(tx, case.id, now)
    ladder.restart(hotline, tx, case.id, but_not=member.id)
    return True


def take_back(hotline: Hotline, tx: Transaction, case: Any, actor: str) -> None:
    """Whoever has the case is out of reach (gone, phone lost): others are asked at once."""
    now = hotline.now()
    holder = case.claimed_by
    if holder is None or not give_back(tx, case.id, holder):
        return
    add_event(tx, case.id, "taken_back", now, staff_id=holder)
    audit.note(tx, now, actor, "take_back", f"case:{case.ref}")
    end_follow_up(tx, case.id, now)
    ladder.restart(hotline, tx, case.id, but_not=holder)


def _look_again(
    hotline: Hotline, tx: Transaction, case: Any, step: int, key: str, *, is_promised: bool
) -> None:
    """A caller who was reached is called again, or the case closed; later supervisors hear too."""
    if case.claimed_by is not None:
        holder = get_staff(tx, case.claimed_by)
        by = BOTH if is_promised and case.priority in URGENT else SMS
        paging.remind(hotline, tx, case, holder, "STAFF_FOLLOW_UP", key, by)
    if step or case.claimed_by is None:
        _tell_supervisors(hotline, tx, case, f"{key}:up", "STAFF_FOLLOW_UP")


def _tell_supervisors(
    hotline: Hotline, tx: Transaction, case: Any, key: str, prompt: str = "STAFF_DECIDE"
) -> None:
    """Somebody has to decide."""
    add_event(tx, case.id, "supervisor_asked", hotline.now())
    for staff_id in staffing.roster(tx, hotline.now()).in_charge:
        member = get_staff(tx, staff_id)
        paging.remind(hotline, tx, case, member, prompt, f"{key}:{staff_id}", SMS)
