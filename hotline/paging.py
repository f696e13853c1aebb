"""Paging: alert whom the ladder says, take an answer, go on until someone has the case."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog

from hotline import audit, outbox
from hotline.core.escalation import Policy, due_at, rung_at, whom
from hotline.core.reply_code import CANNOT, Reply, smallest_free
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.staffing import roster
from hotline.storage.case import add_event, claim_if_open, get_case
from hotline.storage.database import Transaction
from hotline.storage.escalation import (
    due_escalations,
    end_escalation,
    get_escalation,
    hasten,
    start_escalation,
    step_up,
)
from hotline.storage.page import (
    add_page,
    codes_in_use,
    find_page,
    renew_page,
    staff_paged_for,
)
from hotline.storage.staff_member import get_staff

CODE_LIVES = timedelta(hours=24)

log = structlog.get_logger()


class Answered(StrEnum):
    """What a staff member's reply to a page led to."""

    CLAIMED = "claimed"
    ALREADY_TAKEN = "already_taken"
    HANDED_ON = "handed_on"
    NO_SUCH_CODE = "no_such_code"


def start_ladder(hotline: Hotline, tx: Transaction, case_id: int, priority: str) -> None:
    """The first page of a new case, in the transaction that opens it."""
    policy, now = hotline.policies.of(priority), hotline.now()
    start_escalation(tx, case_id, policy.as_data(), now, due_at(policy, 1, now))
    _page_rung(hotline, tx, case_id, policy, 0)


def raise_overdue(hotline: Hotline, limit: int = 100) -> int:
    """Page the next person of every case nobody took in time; how many cases went up a step."""
    with hotline.reading() as tx:
        due = due_escalations(tx, hotline.now(), limit)
    return sum(_raise_one(hotline, case_id) for case_id in due)


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
        _page_rung(hotline, tx, case_id, policy, row.step)
        return True


def hurry(hotline: Hotline, tx: Transaction, case_id: int) -> None:
    """A page was lost, or the caller asked again: the next person is due now."""
    hasten(tx, case_id, hotline.now())


def end_ladder(hotline: Hotline, tx: Transaction, case_id: int) -> None:
    end_escalation(tx, case_id, hotline.now())


def _page_rung(hotline: Hotline, tx: Transaction, case_id: int, policy: Policy, step: int) -> None:
    now = hotline.now()
    people = whom(rung_at(policy, step).page, roster(tx, now))
    if not people:
        log.error("nobody_to_page", case_id=case_id, step=step)
        add_event(tx, case_id, "nobody_to_page", now)
    for staff_id in people:
        page(hotline, tx, case_id, staff_id, key=f"page:{case_id}:{step}:{staff_id}")


def page(hotline: Hotline, tx: Transaction, case_id: int, staff_id: int, key: str) -> None:
    """One page to one person: a reference and a code, never a word of the matter."""
    case, member = get_case(tx, case_id), get_staff(tx, staff_id)
    code = _code_for(hotline, tx, case_id, staff_id)
    say = Saying("STAFF_URGENT", (("ref", case.ref),))
    ask = Saying("STAFF_REPLY", (("code", str(code)),))
    if outbox.put_page(hotline, tx, member, say, case_id, key, ask=ask):
        add_event(tx, case_id, "paged", hotline.now(), staff_id=staff_id)


def _code_for(hotline: Hotline, tx: Transaction, case_id: int, staff_id: int) -> int:
    """The code this person answers with: the one they have for this case, else a free small one."""
    now = hotline.now()
    known = find_page(tx, case_id, staff_id)
    if known is None:
        code = smallest_free(set(codes_in_use(tx, staff_id, now)))
        add_page(tx, case_id, staff_id, code, now, now + CODE_LIVES)
        return code
    in_use = codes_in_use(tx, staff_id, now)
    code = known.code if in_use.get(known.code, case_id) == case_id else smallest_free(set(in_use))
    renew_page(tx, known.id, code, now, now + CODE_LIVES)
    return code


def is_a_code(hotline: Hotline, tx: Transaction, staff_id: int, reply: Reply) -> bool:
    """Whether a bare number from this person answers a page, if only with a code that is no more.

    Somebody who was not paged lately means a topic; and 9, where it is no open code, means STOP.
    """
    codes = codes_in_use(tx, staff_id, hotline.now())
    return reply.code in codes or (bool(codes) and not hotline.keywords.is_stop(str(reply.code)))


def answer_page(
    hotline: Hotline, tx: Transaction, member: Any, reply: Reply, text_id: int
) -> Answered:
    """A staff member's reply by text; they are told what came of it."""
    case_id = codes_in_use(tx, member.id, hotline.now()).get(reply.code)
    if case_id is None:
        _tell(hotline, tx, member, Saying("STAFF_NO_CODE"), None, f"text:{text_id}:answer")
        return Answered.NO_SUCH_CODE
    case = get_case(tx, case_id)
    if reply.action == CANNOT:
        answered = _hand_on(hotline, tx, case, member)
    else:
        answered = claim(hotline, tx, case, member)
    prompt = _TOLD[answered]
    saying = Saying(prompt, (("ref", case.ref),))
    _tell(hotline, tx, member, saying, case_id, f"text:{text_id}:answer")
    return answered


_TOLD = {
    Answered.CLAIMED: "STAFF_CLAIMED",
    Answered.ALREADY_TAKEN: "STAFF_TAKEN",
    Answered.HANDED_ON: "STAFF_HANDED_ON",
}


def claim(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> Answered:
    """Give the case to this person if nobody has it; the others who were paged are told."""
    now = hotline.now()
    if not claim_if_open(tx, case.id, member.id, now):
        return Answered.CLAIMED if case.claimed_by == member.id else Answered.ALREADY_TAKEN
    end_escalation(tx, case.id, now)
    add_event(tx, case.id, "claimed", now, staff_id=member.id)
    audit.note(tx, now, f"staff:{member.id}", "claim", f"case:{case.ref}")
    for staff_id in staff_paged_for(tx, case.id):
        if staff_id != member.id:
            taken = Saying("STAFF_TAKEN", (("ref", case.ref),))
            other = get_staff(tx, staff_id)
            _tell(hotline, tx, other, taken, case.id, f"taken:{case.id}:{staff_id}")
    return Answered.CLAIMED


def _hand_on(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> Answered:
    if case.state != "open":
        return Answered.ALREADY_TAKEN
    now = hotline.now()
    add_event(tx, case.id, "handed_on", now, staff_id=member.id)
    audit.note(tx, now, f"staff:{member.id}", "hand_on", f"case:{case.ref}")
    hurry(hotline, tx, case.id)
    return Answered.HANDED_ON


def tell_claimer(hotline: Hotline, tx: Transaction, case: Any, prompt: str, key: str) -> bool:
    """A word to whoever has the case; False when nobody has it yet."""
    if case.claimed_by is None:
        return False
    saying = Saying(prompt, (("ref", case.ref),))
    _tell(hotline, tx, get_staff(tx, case.claimed_by), saying, case.id, f"{key}:{case.id}")
    return True


def _tell(
    hotline: Hotline, tx: Transaction, member: Any, saying: Saying, case_id: int | None, key: str
) -> None:
    outbox.put_page(hotline, tx, member, saying, case_id, key)
