"""Calm pages: held while their receiver is quiet or was told a moment ago, then told together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hotline import outbox
from hotline.codes import code_for
from hotline.core.reachability import SMS, channels
from hotline.core.turn import Saying
from hotline.house_rules import held_until
from hotline.one_by_one import one_by_one
from hotline.parts import Hotline
from hotline.staffing import reach_of
from hotline.storage import page
from hotline.storage.case import CLOSED, OPEN, add_event, get_case
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

GATHERED = timedelta(minutes=30)
"""Who was paged less than this ago hears of further calm cases together, once it is over."""


def hold_back(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> None:
    """A calm page: now if this person may be disturbed now, else as soon as they may."""
    now = hotline.now()
    last, others_wait = page.last_told(tx, member.id)
    at = max(now, last + GATHERED) if last is not None else now
    until = held_until(tx, case.priority, reach_of(member), at) or at
    if until <= now and not others_wait:
        _tell_one(hotline, tx, case, member, f"calm:{case.id}:{member.id}:{_stamp(now)}")
    else:
        hold(hotline, tx, case.id, member.id, until)


def hold(hotline: Hotline, tx: Transaction, case_id: int, staff_id: int, until: datetime) -> None:
    """Page this person about the case at `until`; one that waits already keeps its earlier time."""
    if page.hold_page(tx, case_id, staff_id, hotline.now(), until):
        add_event(tx, case_id, "held_back", hotline.now(), staff_id=staff_id)


def send_due_digests(hotline: Hotline) -> int:
    """Tell everybody whose held pages are due; how many people. Run twice, it tells them once."""
    with hotline.reading() as tx:
        waiting = page.staff_with_due_pages(tx, hotline.now())
    return one_by_one(partial(_tell, hotline), waiting, "digest")


def _tell(hotline: Hotline, staff_id: int) -> bool:
    now = hotline.now()
    with hotline.transaction() as tx:
        held = page.take_held(tx, staff_id, now)  # nobody else takes them after this
        member = get_staff(tx, staff_id)
        cases = [get_case(tx, row.case_id) for row in held]
        needed = [c for c, row in zip(cases, held, strict=True) if _is_needed(c, row.sent_at)]
        if not needed or not member.active:
            return False
        if len(needed) == 1:
            _tell_one(hotline, tx, needed[0], member, f"held:{held[0].id}:{_stamp(now)}")
        else:
            _tell_many(hotline, tx, needed, member, now)
        return True


def _is_needed(case: Any, since: datetime) -> bool:
    """Whether somebody must still hear of it: what happened after the page was put may do."""
    if case.state in (OPEN, CLOSED):
        return bool(case.state == OPEN)
    called = case.first_attempt_at is not None and case.first_attempt_at >= since
    return bool(case.claimed_at < since and not called)


def _tell_one(hotline: Hotline, tx: Transaction, case: Any, member: Any, key: str) -> None:
    """An ordinary page, with the code that answers it while nobody has the case."""
    code = code_for(hotline, tx, case.id, member.id)
    if SMS in channels(SMS, reach_of(member)):
        say = Saying("STAFF_URGENT", (("ref", case.ref),))
        ask = Saying("STAFF_REPLY", (("code", str(code)),)) if case.state == OPEN else None
        outbox.put_page(hotline, tx, member, say, case.id, key, ask=ask)
    else:
        outbox.put_call(hotline, tx, outbox.STAFF_CALL, key, staff_id=member.id, case_id=case.id)
    add_event(tx, case.id, "paged", hotline.now(), staff_id=member.id)


def _tell_many(
    hotline: Hotline, tx: Transaction, cases: Sequence[Any], member: Any, now: datetime
) -> None:
    """One text that counts them; who is reached by voice alone hears of the most urgent one."""
    key = f"digest:{member.id}:{_stamp(now)}"
    if SMS in channels(SMS, reach_of(member)):
        say = Saying("STAFF_DIGEST", (("n", str(len(cases))),))
        outbox.put_page(hotline, tx, member, say, None, key)
    else:
        first = min(cases, key=lambda case: (case.priority, case.opened_at))
        outbox.put_call(hotline, tx, outbox.STAFF_CALL, key, staff_id=member.id, case_id=first.id)
    page.note_told(tx, member.id, [case.id for case in cases], now)
    for case in cases:
        add_event(tx, case.id, "digested", now, staff_id=member.id)


def _stamp(now: datetime) -> int:
    return int(now.timestamp() * 1000)
