"""Referring a caller to a service: with their consent, step by step, until the service has them.

Nothing that tells who a caller is goes out but what the caller agreed to for this one referral.
The one exception is a child in danger now: then a reason is written and the supervisors hear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline import audit, house_rules, paging, staffing
from hotline.core import referral as rules
from hotline.core.referral import ASKED, HANDED_OVER, MUST, NO, REFUSED, UNDER_WAY, YES, Asked
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage import referral as table
from hotline.storage.case import CLOSED, add_event
from hotline.storage.case_change import lock_case
from hotline.storage.database import Transaction
from hotline.storage.directory import categories_of
from hotline.storage.follow_up import FOLLOW_UP, get_follow_up, look_for_word, set_follow_up
from hotline.storage.house_rule import values_of
from hotline.storage.staff_member import get_staff
from hotline.told import box_of

DUTY = "duty_to_report"
"""The rule of the house (house_rules): {"when": "danger"} or {"when": "never"}."""

TO_SUPERVISORS = "STAFF_REPORTED"
_WORDS, _REASON, _STEP = "referral.words", "referral.reason", "referral.step"


class Stepped(StrEnum):
    """What came of writing down a step."""

    DONE = "done"
    NOT_NOW = "not_now"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Begun:
    """`number` is that of the referral in its case; None where `fault` says why there is none."""

    number: int | None
    fault: str | None = None


def duty_to_report(tx: Transaction) -> str:
    """Whether danger to a child comes before consent: what a supervisor set, or as the house came.

    What the law asks is for the partner's lawyer; docs/referrals.md says so.
    """
    found = values_of(tx, (DUTY,)).get(DUTY)
    return str(found["when"]) if found else rules.BY_DANGER


def set_duty(hotline: Hotline, tx: Transaction, when: str, version: int, staff_id: int) -> bool:
    """False where somebody else set it meanwhile."""
    return house_rules.set_rule(hotline, tx, DUTY, {"when": when}, version, staff_id)


def begin(
    hotline: Hotline, tx: Transaction, case: Any, service: Any, asked: Asked, member_id: int
) -> Begun:
    """The caller was asked about this service: write down what they said, and what may go out."""
    case = lock_case(tx, case.id)  # two who begin at once come one after the other
    if (fault := _fault(tx, case, service, asked)) is not None:
        return Begun(None, fault)
    now, box = hotline.now(), box_of(hotline, tx, case.id)
    fields = rules.passed_on(asked.answer, asked.fields)
    state = REFUSED if asked.answer == NO else ASKED
    number = table.add_referral(
        tx,
        case.id,
        service_id=service.id,
        state=state,
        answer=asked.answer,
        said_by=asked.said_by if asked.answer == YES else None,
        fields=fields,
        words_sealed=_sealed(box, asked.words if rules.WORDS in fields else "", _WORDS),
        reason_sealed=_sealed(box, asked.reason if asked.answer == MUST else "", _REASON),
        asked_at=now,
        asked_by=member_id,
        changed_at=now,
        due_at=rules.word_due(case.priority, now) if state == ASKED else None,
    )
    add_event(tx, case.id, "referral", now, code=state, staff_id=member_id)
    if asked.answer == MUST:
        _tell_supervisors(hotline, tx, case, number, member_id)
    if state == ASKED:
        _look_again(tx, case, rules.word_due(case.priority, now), now)
    detail = ",".join([f"service:{service.id}", asked.answer, *fields])
    _note(hotline, tx, case, number, member_id, "begin_referral", detail)
    return Begun(number)


def _fault(tx: Transaction, case: Any, service: Any, asked: Asked) -> str | None:
    if case.state == CLOSED and asked.answer != NO:
        return "case_closed"
    if not service.is_active and asked.answer != NO:
        return "out_of_use"
    states = {row.state for row in table.referrals_of(tx, case.id) if row.service_id == service.id}
    if states.intersection(UNDER_WAY):
        return "under_way"
    return rules.fault_of(
        asked,
        categories=categories_of(tx, [service.id]).get(service.id, []),
        priority=case.priority,
        policy=duty_to_report(tx),
        was_refused=REFUSED in states,
    )


def take_step(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    row: Any,
    step: str,
    words: str,
    version: int,
    member_id: int,
) -> Stepped:
    """One step of the handover: who did it and when stands beside it; `words` only we can read."""
    state = rules.state_after(row.state, row.answer, step)
    if state is None:
        return Stepped.NOT_NOW
    now = hotline.now()
    due = _due_after(case, row, state, now)
    if not table.change_referral(tx, row.id, version, state=state, due_at=due, changed_at=now):
        return Stepped.CHANGED_MEANWHILE
    sealed = _sealed(box_of(hotline, tx, case.id), words, _STEP)
    table.add_step(tx, row.id, member_id, step, now, sealed)
    if state != row.state:
        add_event(tx, case.id, "referral", now, code=state, staff_id=member_id)
    if due is not None:
        _look_again(tx, case, due, now)
    _note(hotline, tx, case, row.number, member_id, "step_referral", step)
    return Stepped.DONE


def _due_after(case: Any, row: Any, state: str, now: datetime) -> datetime | None:
    """Once handed over, the time to hear from the service begins anew; at the end it is over."""
    if state not in UNDER_WAY:
        return None
    return rules.word_due(case.priority, now) if state == HANDED_OVER != row.state else row.due_at


def note_printed(
    hotline: Hotline, tx: Transaction, case: Any, row: Any, member_id: int, how: str
) -> None:
    """The sheet left the desk: which fields stood on it, and as what (page, json, csv)."""
    detail = ",".join([how, *row.fields])
    _note(hotline, tx, case, row.number, member_id, "print_referral", detail)


def _note(
    hotline: Hotline, tx: Transaction, case: Any, number: int, who: int, action: str, detail: str
) -> None:
    """In the audit chain, after all else, as wherever a follow-up is set: whoever waits for the
    end of the chain has what they need, so no two wait for one another."""
    where = f"case:{case.ref}/{number}"
    audit.note(tx, hotline.now(), f"staff:{who}", action, where, detail)


def words_of(hotline: Hotline, tx: Transaction, row: Any) -> str:
    """What staff wrote for the sheet."""
    return _opened(hotline, tx, row.case_id, row.words_sealed, _WORDS)


def reason_of(hotline: Hotline, tx: Transaction, row: Any) -> str:
    return _opened(hotline, tx, row.case_id, row.reason_sealed, _REASON)


def step_words(hotline: Hotline, tx: Transaction, case_id: int, sealed: bytes | None) -> str:
    return _opened(hotline, tx, case_id, sealed, _STEP)


def referrals_due(tx: Transaction, now: datetime, limit: int = 50) -> Sequence[Any]:
    """Handovers nobody has confirmed in time: ref, priority, claimed_by, number, state, due_at."""
    return table.due_referrals(tx, now, limit)


def _look_again(tx: Transaction, case: Any, due: datetime, now: datetime) -> None:
    """Whoever has the case is reminded then, unless something else must happen before."""
    if case.state == CLOSED or case.claimed_by is None:
        return
    row = get_follow_up(tx, case.id)
    if row is None or row.ended_at is not None or _gives_way(row, due):
        set_follow_up(tx, case.id, FOLLOW_UP, due)
    else:
        look_for_word(tx, case.id, now)


def _gives_way(row: Any, due: datetime) -> bool:
    """Not a date that staff set: it stands, and they look before."""
    return bool(row.what == FOLLOW_UP and row.reason_sealed is None and row.due_at > due)


def _tell_supervisors(
    hotline: Hotline, tx: Transaction, case: Any, number: int, member_id: int
) -> None:
    saying = Saying(TO_SUPERVISORS, (("ref", case.ref),))
    for supervisor in staffing.roster(tx, hotline.now()).supervisors:
        if supervisor != member_id:
            key = f"reported:{case.id}:{number}:{supervisor}"
            paging.tell(hotline, tx, get_staff(tx, supervisor), saying, case.id, key)


def _sealed(box: Any, words: str, where: str) -> bytes | None:
    return box.encrypt(words.encode(), where) if words else None


def _opened(
    hotline: Hotline, tx: Transaction, case_id: int, sealed: bytes | None, where: str
) -> str:
    if sealed is None:
        return ""
    return box_of(hotline, tx, case_id).decrypt(sealed, where).decode()
