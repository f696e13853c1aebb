"""Cases: open one on the first key that means it, add what comes later, work on it, close it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline import audit, callers, following_up, ladder, paging, staffing, triaging
from hotline.core.callback_plan import CALLING_NUMBER, NUMBER, add_to_plan, is_more_urgent
from hotline.core.case_reference import reference_from
from hotline.core.clocks import attempt_due, claim_due
from hotline.core.escalation import Policy
from hotline.core.phone_number import normalise
from hotline.core.turn import OpenCase
from hotline.house_rules import policy_of
from hotline.parts import Hotline
from hotline.storage import case as case_table
from hotline.storage.attempt import OUTCOMES, add_attempt
from hotline.storage.database import Transaction
from hotline.storage.follow_up import end_follow_up
from hotline.storage.referral import is_handed_over
from hotline.storage.staff_member import get_staff
from hotline.told import Told, box_of, open_told
from hotline.vault import Box

SAME_REQUEST = timedelta(hours=1)
"""A caller who asks again for the same kind of help within this time goes on with the same case."""

CLOSED_AS = ("helped", "referred", "not_reached", "no_help_wanted", "not_a_case", "duplicate")
"""Outcomes with which a case may be closed."""


class Closing(StrEnum):
    """What came of an attempt to close a case."""

    CLOSED = "closed"
    NO_ATTEMPT_YET = "no_attempt_yet"
    NOT_HANDED_OVER = "not_handed_over"
    CHANGED_MEANWHILE = "changed_meanwhile"


def open_case(
    hotline: Hotline,
    tx: Transaction,
    request: OpenCase,
    *,
    channel: str,
    caller_id: int | None,
    chi: str | None,
    current: int | None,
) -> int:
    """Open a case and page, or go on with the one there is; its id.

    `current` is the case of the conversation, if it has one: it is only raised. One that staff have
    closed meanwhile is over: who still asks for help gets a new one.
    """
    mine = _not_closed(tx, current) if current is not None else None
    case = _same_request(hotline, tx, request, caller_id, mine)
    if case is not None:
        raise_case(hotline, tx, case, request, again=mine is None or case.id != mine.id)
        return int(case.id)
    now, ref = hotline.now(), _free_reference(hotline, tx)
    policy = policy_of(hotline, tx, request.priority)
    flags = [] if caller_id else ["number_withheld"]
    case_id = _add(
        hotline,
        tx,
        request,
        policy,
        ref=ref,
        chi=chi,
        channel=channel,
        flags=flags,
        caller_id=caller_id,
        opened_at=now,
    )
    case_table.add_event(tx, case_id, "opened", now, code=request.reason)
    audit.note(tx, now, "caller", "open_case", f"case:{ref}", f"{request.kind} {request.priority}")
    ladder.start(hotline, tx, case_id, policy)
    return case_id


def _add(
    hotline: Hotline,
    tx: Transaction,
    request: OpenCase,
    policy: Policy,
    *,
    ref: str,
    opened_at: datetime,
    **values: Any,
) -> int:
    """The row of a new case, with a key of its own and both clocks set."""
    wrapped = hotline.vault.new_case_key()
    box = hotline.vault.case_box(wrapped)
    return case_table.add_case(
        tx,
        wrapped,
        ref=ref,
        kind=request.kind,
        priority=request.priority,
        reason=request.reason,
        state=case_table.OPEN,
        plan_sealed=_seal(box, "plan", {}),
        notes_sealed=_seal(box, "notes", {}),
        opened_at=opened_at,
        claim_due_at=claim_due(policy.clock, opened_at),
        attempt_due_at=attempt_due(policy.clock, opened_at),
        version=1,
        **values,
    )


def _not_closed(tx: Transaction, case_id: int) -> Any | None:
    case = case_table.get_case(tx, case_id)
    return case if case.state != case_table.CLOSED else None


def _same_request(
    hotline: Hotline, tx: Transaction, request: OpenCase, caller_id: int | None, mine: Any | None
) -> Any | None:
    """The case to go on with: an earlier one of just this need comes before raising `mine` to it.

    Otherwise one caller in one danger would be two cases, and two people would ring.
    """
    if mine is not None and not is_more_urgent(request.priority, mine.priority):
        return mine
    if caller_id is None:
        return mine
    since = hotline.now() - SAME_REQUEST
    return case_table.find_recent_case(tx, caller_id, request.kind, since) or mine


def raise_case(
    hotline: Hotline, tx: Transaction, case: Any, request: OpenCase, *, again: bool
) -> None:
    """The caller asked once more, or for something more urgent; a case never gets less urgent.

    The more urgent request gives the case its kind: that is what staff must act on.
    """
    now, case_id = hotline.now(), case.id
    is_raised = is_more_urgent(request.priority, case.priority)
    if is_raised:
        case_table.change_case(
            tx, case_id, priority=request.priority, kind=request.kind, reason=request.reason
        )
        case_table.add_event(tx, case_id, "raised", now, code=request.priority)
    if again:
        case_table.add_event(tx, case_id, "asked_again", now, code=request.reason)
    if is_raised:
        ladder.raise_to(hotline, tx, case_id, request.priority)
    if again or is_raised:
        ladder.alert_again(hotline, tx, case, request.priority, is_raised=is_raised)


def add_answers(
    hotline: Hotline,
    tx: Transaction,
    case_id: int,
    *,
    plan: Iterable[tuple[str, str]] = (),
    notes: Iterable[tuple[str, str]] = (),
) -> None:
    """Add what the caller keyed to the case."""
    box, case = box_of(hotline, tx, case_id), case_table.get_case(tx, case_id)
    told = open_told(box, case)
    all_plan, all_notes = add_to_plan(told.plan, plan), {**told.notes, **dict(notes)}
    case_table.seal_answers(
        tx,
        case_id,
        _seal(box, "plan", all_plan),
        _seal(box, "notes", all_notes),
        _index_of_keyed(hotline, all_plan),
    )
    triaging.heed_answers(hotline, tx, case, all_plan, all_notes)


def _index_of_keyed(hotline: Hotline, plan: Mapping[str, str]) -> bytes | None:
    """By which the case is found when its caller keyed another number to be called back on."""
    keyed = plan.get(NUMBER, CALLING_NUMBER)
    number = normalise(keyed) if keyed != CALLING_NUMBER else None
    return callers.index_of(hotline, number) if number is not None else None


def flag(hotline: Hotline, tx: Transaction, case_id: int, code: str) -> None:
    """Mark a case with a code, once."""
    case = case_table.get_case(tx, case_id)
    if code not in case.flags:
        case_table.change_case(tx, case_id, flags=[*case.flags, code])
        case_table.add_event(tx, case_id, "flagged", hotline.now(), code=code)
        triaging.heed_flag(hotline, tx, case_id, code)


def add_words(hotline: Hotline, tx: Transaction, case_id: int, words: str) -> None:
    """Something the caller texted in their own words, onto the timeline."""
    sealed = box_of(hotline, tx, case_id).encrypt(words.encode(), "event")
    case_table.add_event(tx, case_id, "caller_wrote", hotline.now(), text_sealed=sealed)


def read(hotline: Hotline, tx: Transaction, case: Any) -> Told:
    """What the caller told. The reader has to be allowed to: the desk asks first and notes it."""
    return open_told(box_of(hotline, tx, case.id), case)


def read_if_kept(hotline: Hotline, tx: Transaction, case: Any) -> Told | None:
    """The same; None once the key of the case was deleted and nobody can read it any more."""
    wrapped = case_table.case_key(tx, case.id)
    return open_told(hotline.vault.case_box(wrapped), case) if wrapped is not None else None


def note_attempt(
    hotline: Hotline, tx: Transaction, case: Any, member_id: int, outcome: str, note: str
) -> None:
    """A try to call the caller back. `outcome` is one of storage.attempt.OUTCOMES."""
    if outcome not in OUTCOMES:
        raise ValueError(f"an attempt ends as one of {', '.join(OUTCOMES)}")
    now, member = hotline.now(), get_staff(tx, member_id)
    is_here = staffing.may_be_paged(member)
    if case.state == case_table.OPEN and is_here:  # who calls has the case
        paging.claim(hotline, tx, case, member)
    sealed = box_of(hotline, tx, case.id).encrypt(note.encode(), "attempt") if note else None
    add_attempt(tx, case.id, member_id, outcome, sealed, now)
    if case.first_attempt_at is None:
        case_table.change_case(tx, case.id, first_attempt_at=now)
    case_table.add_event(tx, case.id, "attempt", now, code=outcome, staff_id=member_id)
    audit.note(tx, now, f"staff:{member_id}", "attempt", f"case:{case.ref}", outcome)
    # Nobody can ask who is gone what the caller told: somebody must still call.
    counts = is_here or (case.claimed_by is not None and outcome != "reached")
    if case.state != case_table.CLOSED and counts:
        told = read(hotline, tx, case)
        following_up.after_attempt(hotline, tx, case, told.plan, told.notes, outcome)


def add_note(hotline: Hotline, tx: Transaction, case: Any, member_id: int, words: str) -> None:
    now = hotline.now()
    sealed = box_of(hotline, tx, case.id).encrypt(words.encode(), "event")
    case_table.add_event(tx, case.id, "note", now, staff_id=member_id, text_sealed=sealed)
    audit.note(tx, now, f"staff:{member_id}", "add_note", f"case:{case.ref}")


def close(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member_id: int,
    outcome: str,
    version: int,
    chi: str | None = None,
) -> Closing:
    """Close a case. Claimed is not done: what says that somebody called needs an attempt.

    `chi` is what it was about, where staff said so; else what was known, or what the kind says.
    """
    if outcome not in CLOSED_AS:
        raise ValueError(f"a case is closed as one of {', '.join(CLOSED_AS)}")
    if case.first_attempt_at is None and outcome in ("helped", "referred", "not_reached"):
        return Closing.NO_ATTEMPT_YET
    if outcome == "referred" and not is_handed_over(tx, case.id):
        return Closing.NOT_HANDED_OVER
    now = hotline.now()
    done = case_table.close_if_version(
        tx,
        case.id,
        version,
        staff_id=member_id,
        outcome=outcome,
        chi=chi or hotline.categories.first_for(case.kind, case.chi, None)[0] or None,
        now=now,
    )
    if not done:
        return Closing.CHANGED_MEANWHILE
    paging.end_ladder(hotline, tx, case.id)
    end_follow_up(tx, case.id, now)
    case_table.add_event(tx, case.id, "closed", now, code=outcome, staff_id=member_id)
    audit.note(tx, now, f"staff:{member_id}", "close", f"case:{case.ref}", outcome)
    return Closing.CLOSED


def _seal(box: Box, where: str, answers: Mapping[str, str]) -> bytes:
    return box.encrypt(json.dumps(answers, ensure_ascii=False).encode(), where)


def _free_reference(hotline: Hotline, tx: Transaction) -> str:
    while True:
        ref = reference_from(hotline.chance(8))
        if case_table.find_case(tx, ref) is None:
            return ref
