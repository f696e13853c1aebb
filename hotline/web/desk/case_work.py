"""What staff do with a case: take it, write down a call or a note, make it wait, close it."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from hotline import cases, paging, triaging
from hotline.cases import CLOSED_AS, Closing
from hotline.core.escalation_file import PRIORITIES
from hotline.storage.attempt import OUTCOMES
from hotline.storage.case import CLOSED
from hotline.triaging import Lowering
from hotline.web.desk.case import Problem, readable_or_404, show_case
from hotline.web.desk.case_address import address_of, case_or_404
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import visit

LONGEST_NOTE = 10_000
_REFUSALS: dict[Closing | Lowering, tuple[str, int]] = {
    Closing.NO_ATTEMPT_YET: ("no_attempt_yet", 422),
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
    return redirect(address_of(ref), 303)


def add_attempt(ref: str) -> ResponseReturnValue:
    here, outcome, words = visit(), request.form.get("outcome", ""), _words()
    problem = _unfit("attempt", words, needed=False)
    if outcome not in OUTCOMES:
        problem = _problem("attempt", "choose_one", 422)
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        if problem is None:
            cases.note_attempt(here.hotline, tx, case, here.member.id, outcome, words)
    return show_case(ref, problem=problem) if problem else redirect(address_of(ref), 303)


def add_note(ref: str) -> ResponseReturnValue:
    here, words = visit(), _words()
    problem = _unfit("note", words, needed=True)
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        if problem is None:
            cases.add_note(here.hotline, tx, case, here.member.id, words)
    return show_case(ref, problem=problem) if problem else redirect(address_of(ref), 303)


def lower(ref: str) -> ResponseReturnValue:
    """Less urgent, with a reason that others can read on the timeline."""
    here, words, priority = visit(), _words(), request.form.get("outcome", "")
    problem = _unfit("lower", words, needed=True)
    if priority not in PRIORITIES:
        problem = _problem("lower", "choose_one", 422)
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        if problem is None:
            came = triaging.lower_priority(
                here.hotline, tx, case, here.member.id, priority, words, _version()
            )
            refused = _REFUSALS.get(came)
            problem = _problem("lower", *refused) if refused else None
    return show_case(ref, problem=problem) if problem else redirect(address_of(ref), 303)


def close(ref: str) -> ResponseReturnValue:
    here, words = visit(), _words()
    outcome = request.form.get("outcome", "")
    problem = _unfit("close", words, needed=False)
    if outcome not in CLOSED_AS:
        problem = _problem("close", "choose_one", 422)
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        problem = problem or _close(tx, case, outcome, words)
    return show_case(ref, problem=problem) if problem else redirect(address_of(ref), 303)


def _close(tx: Any, case: Any, outcome: str, words: str) -> Problem | None:
    here = visit()
    came = cases.close(here.hotline, tx, case, here.member.id, outcome, _version())
    if came is not Closing.CLOSED:
        return _problem("close", *_REFUSALS[came])
    if words:
        cases.add_note(here.hotline, tx, case, here.member.id, words)
    return None


def _version() -> int:
    """The version the reader had before them; 0, which no case has, for nonsense."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _words() -> str:
    """What was typed, without the signs that no keyboard types."""
    typed = request.form.get("note", "").replace("\r\n", "\n").strip()
    return "".join(sign for sign in typed if sign >= " " or sign in "\n\t")


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
