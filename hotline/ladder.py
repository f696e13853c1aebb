"""The ladder of a case: whom to page now and whom next, on and on until somebody has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from hotline import first_attempt, paging
from hotline.core.clocks import attempt_due, claim_due
from hotline.core.escalation import BOTH, VOICE, Policy, due_at, rung_at, whom
from hotline.house_rules import policy_of, policy_of_case
from hotline.one_by_one import one_by_one
from hotline.parts import Hotline
from hotline.staffing import roster
from hotline.storage.case import OPEN, add_event, change_case, get_case
from hotline.storage.database import Transaction
from hotline.storage.escalation import (
    due_escalations,
    freeze,
    get_escalation,
    start_again,
    start_escalation,
    step_up,
)
from hotline.storage.page import answers_of, forget_answers, note_answer, staff_paged_for

log = structlog.get_logger()


def start(hotline: Hotline, tx: Transaction, case_id: int, policy: Policy) -> None:
    """The first page of a new case, in the transaction that opens it."""
    now = hotline.now()
    start_escalation(tx, case_id, policy.as_data(), now, due_at(policy, 1, now))
    _page_rung(hotline, tx, case_id, policy, 0, now)


def restart(hotline: Hotline, tx: Transaction, case_id: int, but_not: int | None = None) -> None:
    """Nobody has the case any more: the ladder begins anew, as it was frozen when it opened.

    `but_not` is who has just said that they cannot.
    """
    row = get_escalation(tx, case_id)
    if row is None:
        policy = policy_of(hotline, tx, get_case(tx, case_id).priority)
        start(hotline, tx, case_id, policy)
        return
    _begin_anew(hotline, tx, case_id, Policy.from_data(row.policy), hotline.now(), but_not)


def raise_to(hotline: Hotline, tx: Transaction, case_id: int, priority: str) -> None:
    """The case has become more urgent: its ladder and clocks are now those of `priority`."""
    policy, now = policy_of(hotline, tx, priority), hotline.now()
    case = get_case(tx, case_id)
    if case.state == OPEN:
        _begin_anew(hotline, tx, case_id, policy, now)
    else:
        freeze(tx, case_id, policy.as_data())
    set_clocks(hotline, tx, case, policy)
    if case.claimed_by is not None:
        first_attempt.hasten(hotline, tx, case, policy)


def alert_again(
    hotline: Hotline, tx: Transaction, case: Any, priority: str, *, is_raised: bool
) -> None:
    """Whoever has the case hears of it each time, at most once a minute for the same urgency."""
    if case.state == OPEN:
        if not is_raised:  # a ladder that was raised has begun anew already
            paging.hurry(hotline, tx, case.id)
    elif case.claimed_by is not None:
        if not is_raised:
            first_attempt.hasten(hotline, tx, case, policy_of_case(hotline, tx, case))
        key = f"again:{case.id}:{priority}:{hotline.now():%Y%m%d%H%M}:{case.claimed_by}"
        paging.page(hotline, tx, case.id, case.claimed_by, key)


def lower_to(hotline: Hotline, tx: Transaction, case_id: int, priority: str) -> None:
    """Staff made the case less urgent: the ladder goes on as that of `priority`, nobody is told."""
    policy, now = policy_of(hotline, tx, priority), hotline.now()
    case = get_case(tx, case_id)
    freeze(tx, case_id, policy.as_data())
    if case.state == OPEN:
        start_again(tx, case_id, now, due_at(policy, 1, now))
    set_clocks(hotline, tx, case, policy)


def set_clocks(hotline: Hotline, tx: Transaction, case: Any, policy: Policy) -> None:
    """By when somebody must have the case and must have called, counted from its opening."""
    attempt = attempt_due(policy.clock, case.opened_at, case.claimed_at)
    claim_by = claim_due(policy.clock, case.opened_at)
    change_case(tx, case.id, claim_due_at=claim_by, attempt_due_at=attempt)
    if case.claimed_by is not None and case.first_attempt_at is None:
        first_attempt.begin(hotline, tx, case, policy, case.claimed_at or hotline.now())


def _begin_anew(
    hotline: Hotline,
    tx: Transaction,
    case_id: int,
    policy: Policy,
    now: datetime,
    but_not: int | None = None,
) -> None:
    freeze(tx, case_id, policy.as_data())
    start_again(tx, case_id, now, due_at(policy, 1, now))
    forget_answers(tx, case_id)
    if but_not is not None:
        note_answer(tx, case_id, but_not, paging.CANNOT, now)
    _page_rung(hotline, tx, case_id, policy, 0, now)


def raise_overdue(hotline: Hotline, limit: int = 100) -> int:
    """Page the next person of every case nobody took in time; how many cases went up a step."""
    with hotline.reading() as tx:
        due = due_escalations(tx, hotline.now(), limit)
    return one_by_one(partial(_raise_one, hotline), due, "ladder")


def _raise_one(hotline: Hotline, case_id: int) -> bool:
    now = hotline.now()
    with hotline.transaction() as tx:
        row = get_escalation(tx, case_id)
        if row is None or row.ended_at is not None or row.next_at > now:
            return False
        policy = Policy.from_data(row.policy)
        next_at = max(due_at(policy, row.step + 1, row.started_at), now + timedelta(seconds=30))
        if not step_up(tx, case_id, row.step, next_at):
            return False
        _page_rung(hotline, tx, case_id, policy, row.step, row.started_at)
        return True


def _page_rung(
    hotline: Hotline, tx: Transaction, case_id: int, policy: Policy, step: int, started: datetime
) -> None:
    now, rung = hotline.now(), rung_at(policy, step)
    known = set(staff_paged_for(tx, case_id)) if step else set()
    # When the ladder is at its end everybody is asked, whatever they said before.
    said = answers_of(tx, case_id) if step < len(policy.rungs) else {}
    people = whom(rung.page, roster(tx, now), said)
    if not people:
        log.error("nobody_to_page", case_id=case_id, step=step)
        add_event(tx, case_id, "nobody_to_page", now)
    for staff_id in people:
        # Who hears of it for the first time gets a text as well: it has the code and stays.
        by = BOTH if rung.by == VOICE and staff_id not in known else rung.by
        key = f"page:{case_id}:{int(started.timestamp() * 1000)}:{step}:{staff_id}"
        paging.page(hotline, tx, case_id, staff_id, key, by, is_calm=policy.is_calm)
