"""What staff do with a case: take it, write down a call or a note, make it wait, close it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from hotline import cases, paging, triaging
from hotline.cases import CLOSED_AS, Closing
from hotline.core.escalation_file import PRIORITIES
from hotline.storage.attempt import OUTCOMES
from hotline.storage.case import CLOSED, case_key
from hotline.storage.database import Transaction
from hotline.triaging import Lowering
from hotline.web.desk.case import Problem, show_case
from hotline.web.desk.case_address import case_or_404
from hotline.web.desk.case_door import addable_or_404, changeable_or_404, kept_or_404
from hotline.web.desk.case_seen import back_to, note_news, version_seen
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.typed_words import typed
from hotline.web.desk.visit import Visit, visit

LONGEST_NOTE = 10_000
COUNTED = frozenset({"helped", "referred"})
"""Ends of which it must be known what it was about. Nothing else waits for a category."""
_REFUSALS: dict[Closing | Lowering, tuple[str, int]] = {
    Closing.NO_ATTEMPT_YET: ("no_attempt_yet", 422),
    Closing.NOT_HANDED_OVER: ("not_handed_over", 422),
    Closing.CHANGED_MEANWHILE: ("changed_meanwhile", 409),
    Lowering.NO_REASON: ("write_something", 422),
    Lowering.NOT_LOWER: ("not_lower", 422),
    Lowering.CHANGED_MEANWHILE: ("changed_meanwhile", 409),
}


def claim(ref: str) -> ResponseReturnValue:
    """The first one wins; the page then shows who that was."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = case_or_404(tx, ref)
        if case.state != CLOSED:
            paging.claim(here.hotline, tx, case, here.member)
    here.hotline.ring({"alerts"})
    return back_to(ref)


def add_attempt(ref: str) -> ResponseReturnValue:
    here, outcome, words = visit(), request.form.get("outcome", ""), typed("note")
    problem = _unfit("attempt", words, needed=False)
    if outcome not in OUTCOMES:
        problem = _problem("attempt", "choose_one", 422)

    def add(tx: Transaction, case: Any) -> None:
        cases.note_attempt(here.hotline, tx, case, here.member.id, outcome, words)

    return _add(here, ref, problem, add)


def add_note(ref: str) -> ResponseReturnValue:
    here, words = visit(), typed("note")

    def add(tx: Transaction, case: Any) -> None:
        cases.add_note(here.hotline, tx, case, here.member.id, words)

    return _add(here, ref, _unfit("note", words, needed=True), add)


def _add(
    here: Visit, ref: str, problem: Problem | None, add: Callable[[Transaction, Any], None]
) -> ResponseReturnValue:
    """What is only added never conflicts; its writer is told what changed meanwhile."""
    with here.hotline.transaction() as tx:
        case = addable_or_404(tx, here, ref)
        if problem is None:
            note_news(tx, here, case)
            add(tx, case)
    return show_case(ref, problem=problem) if problem else back_to(ref)


def lower(ref: str) -> ResponseReturnValue:
    """Less urgent, with a reason that others can read on the timeline."""
    here, words, priority = visit(), typed("note"), request.form.get("outcome", "")
    problem = _unfit("lower", words, needed=True)
    if priority not in PRIORITIES:
        problem = _problem("lower", "choose_one", 422)
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        if problem is None:
            came = triaging.lower_priority(
                here.hotline, tx, case, here.member.id, priority, words, version_seen()
            )
            refused = _REFUSALS.get(came)
            problem = _problem("lower", *refused) if refused else None
    return show_case(ref, problem=problem) if problem else back_to(ref)


def close(ref: str) -> ResponseReturnValue:
    """Also a case whose words were deleted can be closed: then there is no last note."""
    here, words = visit(), typed("note")
    outcome = request.form.get("outcome", "")
    problem = _unfit("close", words, needed=False)
    if outcome not in CLOSED_AS:
        problem = _problem("close", "choose_one", 422)
    with here.hotline.transaction() as tx:
        case = changeable_or_404(tx, here, ref)
        problem = problem or _close(tx, case, outcome, words)
    return show_case(ref, problem=problem) if problem else back_to(ref)


def _close(tx: Transaction, case: Any, outcome: str, words: str) -> Problem | None:
    here, chosen = visit(), request.form.get("chi", "")
    chi = chosen if here.hotline.categories.is_chi(chosen) else None
    if outcome in COUNTED and (chi or case.chi) is None:
        return _problem("close", "no_category", 422)
    came = cases.close(here.hotline, tx, case, here.member.id, outcome, version_seen(), chi)
    if came is not Closing.CLOSED:
        return _problem("close", *_REFUSALS[came])
    if words and case_key(tx, case.id) is not None:
        cases.add_note(here.hotline, tx, case, here.member.id, words)
    return None


def _unfit(form: str, words: str, *, needed: bool) -> Problem | None:
    if needed and not words:
        return _problem(form, "write_something", 422)
    return _problem(form, "too_long", 422) if len(words) > LONGEST_NOTE else None


def _problem(form: str, code: str, status: int) -> Problem:
    return Problem(form, code, status, {name: request.form[name] for name in request.form})


PAGES = (
    Page("/cases/<ref>/claim", "claim", claim, WORK_CASES, POST),
    Page("/cases/<ref>/attempts", "add_attempt", add_attempt, WORK_CASES, POST),
    Page("/cases/<ref>/notes", "add_note", add_note, WORK_CASES, POST),
    Page("/cases/<ref>/priority", "lower", lower, WORK_CASES, POST),
    Page("/cases/<ref>/close", "close", close, WORK_CASES, POST),
)
