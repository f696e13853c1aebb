"""By when whoever takes a case must have called: the clock, or the hours the caller chose.

Nobody is hurried to ring outside the hours in which the caller said that a call is safe.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hotline.core.bridge_call import TALKING
from hotline.core.clocks import attempt_due, within_hours
from hotline.core.escalation import Policy
from hotline.core.local_time import PHNOM_PENH
from hotline.core.safe_call import next_opening
from hotline.parts import Hotline
from hotline.storage.bridge import open_bridge_of
from hotline.storage.case import case_key, change_case
from hotline.storage.case_view import last_of
from hotline.storage.database import Transaction
from hotline.storage.follow_up import (
    FIRST_ATTEMPT,
    get_follow_up,
    look_for_word,
    renew_date,
    set_follow_up,
)
from hotline.told import open_told


def begin(hotline: Hotline, tx: Transaction, case: Any, policy: Policy, claimed: datetime) -> None:
    """Somebody has the case since `claimed`: the first attempt is what happens next."""
    by_clock = attempt_due(policy.clock, case.opened_at, claimed)
    _set(tx, case, put_off(hotline, tx, case, policy, by_clock) or by_clock)


def take_over(hotline: Hotline, tx: Transaction, case: Any, policy: Policy) -> None:
    """Somebody has the case now: a date that was set stands, unless the caller asked again since.

    Without one, the first attempt of whoever has it is next.
    """
    now = hotline.now()
    last = last_of(tx, case.id, ("date_set", "raised", "asked_again"))
    if last != "date_set" or not renew_date(tx, case.id, now):
        begin(hotline, tx, case, policy, now)
    look_for_word(tx, case.id, now)


def hasten(hotline: Hotline, tx: Transaction, case: Any, policy: Policy) -> None:
    """The caller asked again, or is in more danger: whoever has the case calls as if just claimed.

    What is due sooner stays due, and nobody is reminded to call while they do.
    """
    row, now = get_follow_up(tx, case.id), hotline.now()
    if row is None or row.ended_at is not None:
        return
    if row.due_at <= attempt_due(policy.clock, case.opened_at, now):
        return
    call = open_bridge_of(tx, case.id) if row.what == FIRST_ATTEMPT else None
    if call is None or call.state != TALKING:
        begin(hotline, tx, case, policy, now)


def wait_for_hours(hotline: Hotline, tx: Transaction, case: Any, policy: Policy) -> bool:
    """Whether the attempt that is due now waits for the caller's hours instead."""
    due = put_off(hotline, tx, case, policy, hotline.now())
    if due is not None:
        _set(tx, case, due)
    return due is not None


def put_off(
    hotline: Hotline, tx: Transaction, case: Any, policy: Policy, due: datetime
) -> datetime | None:
    """When an attempt that is due then is due instead; None: the hours allow it before."""
    wrapped = case_key(tx, case.id)
    if wrapped is None:
        return None
    told, now = open_told(hotline.vault.case_box(wrapped), case), hotline.now()
    opens = next_opening(told.plan, told.notes, case.priority, now, PHNOM_PENH)
    return within_hours(due, now, opens, timedelta(seconds=policy.clock.lapse))


def _set(tx: Transaction, case: Any, due: datetime) -> None:
    set_follow_up(tx, case.id, FIRST_ATTEMPT, due)
    change_case(tx, case.id, attempt_due_at=due)
