"""One case: how to call back first, then what was said, then what was done. Reading it is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from hotline import audit
from hotline.core.callback_plan import AGE
from hotline.safe_calling import Known, known_of
from hotline.storage.database import Transaction
from hotline.storage.follow_up import get_follow_up
from hotline.storage.recording import recordings_of
from hotline.storage.staff_member import get_staff
from hotline.web.desk.call_view import CallView, call_view
from hotline.web.desk.case_address import case_or_404
from hotline.web.desk.need_to_know import SEE_CASES, WORK_CASES, may_read
from hotline.web.desk.page import POST, Page
from hotline.web.desk.plan_words import PlanInWords, as_dialled, plan_in_words
from hotline.web.desk.timeline import Line, timeline_of
from hotline.web.desk.visit import Visit, visit
from hotline.web.desk.words import in_words

_NOT_ANSWERS = ("urgent", AGE)  # the first is a sign for the flows, the second stands in the plan


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was not taken, beside the form it belongs to; `kept` is what was typed."""

    form: str
    code: str
    status: int
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """What only those see who may read the case."""

    plan: PlanInWords
    call: CallView | None
    answers: list[tuple[str, str]]
    recordings: list[Any]
    timeline: list[Line]


def show(ref: str) -> ResponseReturnValue:
    return show_case(ref)


def show_number(ref: str) -> ResponseReturnValue:
    """The whole number, once, for who is about to ring it."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        known = known_of(here.hotline, tx, case)
        if known is None or known.number is None:
            abort(404)
        note(tx, here, case, "show_number")
    return show_case(ref, number=known.number)


def show_case(
    ref: str, *, problem: Problem | None = None, number: str | None = None
) -> ResponseReturnValue:
    """The page, with a form's problem or with the whole number where one was asked for."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = case_or_404(tx, ref)
        reads = may_read(here.member, case)
        if reads:
            note(tx, here, case, "read_case", "plan,notes,timeline")
    with here.hotline.reading() as tx:
        known = known_of(here.hotline, tx, case) if reads else None
        details = _details(here, tx, case, known) if known else None
        next_step = _next_step(tx, case)
        holder = get_staff(tx, case.claimed_by).name if case.claimed_by else None
    page = render_template(
        "case.html",
        case=case,
        reads=reads,
        details=details,
        holder=holder,
        next_step=next_step,
        problem=problem,
        number=number,
        number_as_dialled=as_dialled(number) if number else None,
        now=here.hotline.now(),
    )
    return page, problem.status if problem else 200


def readable_or_404(tx: Transaction, here: Visit, ref: str) -> Any:
    """The case, for who may read it. For others it looks as if there were none."""
    case = case_or_404(tx, ref)
    if not may_read(here.member, case):
        abort(404)
    return case


def note(tx: Transaction, here: Visit, case: Any, action: str, detail: str = "") -> None:
    actor = f"staff:{here.member.id}"
    audit.note(tx, here.hotline.now(), actor, action, f"case:{case.ref}", detail)


def _next_step(tx: Transaction, case: Any) -> Any | None:
    """What must happen next to a case that somebody has; None while it is on the ladder."""
    row = get_follow_up(tx, case.id)
    return row if row is not None and row.ended_at is None else None


def _details(here: Visit, tx: Transaction, case: Any, known: Known) -> Details:
    language = here.language
    return Details(
        plan=plan_in_words(case, known, language),
        call=call_view(here, tx, case, known),
        answers=[
            (in_words(language, "question", name), in_words(language, "answer", value))
            for name, value in known.told.notes.items()
            if name not in _NOT_ANSWERS
        ],
        recordings=list(recordings_of(tx, case.id)),
        timeline=timeline_of(tx, case, known.told, language),
    )


PAGES = (
    Page("/cases/<ref>", "case", show, SEE_CASES),
    Page("/cases/<ref>/number", "show_number", show_number, WORK_CASES, POST, proves=True),
)
