"""One case: how to call back first, then what was said, then what was done. Reading it is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.core.next_action import NextAction
from hotline.storage.caller_message import note_heard_in_case
from hotline.storage.case import OPEN
from hotline.storage.case_view import around_case
from hotline.storage.database import Transaction
from hotline.storage.recording import recordings_of
from hotline.told import open_told
from hotline.web.desk.call_view import CallView, call_view
from hotline.web.desk.case_door import Door, door_of, note
from hotline.web.desk.case_next import next_of
from hotline.web.desk.case_number import one_use
from hotline.web.desk.case_seen import line_seen, news_since
from hotline.web.desk.describing_words import AboutInWords, about_in_words, chi_choices
from hotline.web.desk.need_to_know import SEE_CASES, WORK_CASES, may
from hotline.web.desk.page import Page
from hotline.web.desk.plan_words import PlanInWords, answers_in_words, known_with, plan_in_words
from hotline.web.desk.timeline import Timeline, part_asked, timeline_of
from hotline.web.desk.visit import Visit, visit


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was not taken, beside the form it belongs to; `kept` is what was typed."""

    form: str
    code: str
    status: int
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """What only those see who may read the case, and that its key still opens."""

    plan: PlanInWords
    call: CallView | None
    answers: list[tuple[str, str]]
    about: AboutInWords
    next: NextAction | None
    reason: str | None  # why staff set the next date
    once: str | None  # for the form that shows the number


def show(ref: str) -> ResponseReturnValue:
    return show_case(ref)


def show_case(ref: str, *, problem: Problem | None = None) -> ResponseReturnValue:
    """The page, or the page with a form's problem and what was typed into it."""
    here = visit()
    with here.hotline.transaction() as tx:
        door = door_of(tx, here, ref)
        if door.reads:
            note(tx, here, door.case, "read_case", "plan,notes,timeline")
            note_heard_in_case(tx, door.case.id, here.member.id, here.hotline.now())
    since = line_seen() if problem else news_since(ref)
    with here.hotline.reading() as tx:
        around = around_case(tx, door.case.id)
        shown = _shown(here, tx, door, around, since) if door.reads else {}
    page = render_template(
        "case.html",
        case=door.case,
        door=door,
        around=around,
        may_take=door.case.state == OPEN and may(here.member, WORK_CASES),
        problem=problem,
        was_kept=since is not None and problem is None,
        chi_choices=partial(chi_choices, here.hotline, here.language),
        first_chi=partial(_first_chi, here),
        now=here.hotline.now(),
        **shown,
    )
    return page, problem.status if problem else 200


def _shown(
    here: Visit, tx: Transaction, door: Door, around: Any, since: int | None
) -> dict[str, Any]:
    """What is shown to readers alone. Without its key a case still has its times."""
    case, language = door.case, here.language
    told = None
    if around.wrapped is not None:
        told = open_told(here.hotline.vault.case_box(around.wrapped), case)
    timeline = timeline_of(tx, case, told, language, part_asked(), since=since, me=here.member.id)
    return {
        "details": _details(here, tx, door, around, told) if told is not None else None,
        "recordings": list(recordings_of(tx, case.id)),
        "timeline": timeline,
        "news": _who_changed_it(timeline) if since is not None else None,
    }


def _details(here: Visit, tx: Transaction, door: Door, around: Any, told: Any) -> Details:
    case, language = door.case, here.language
    known = known_with(here.hotline, tx, case, told)
    call = call_view(here, tx, case, known)
    sealed = around.reason_sealed
    return Details(
        plan=plan_in_words(case, known, language),
        call=call,
        answers=answers_in_words(told.notes, language),
        about=about_in_words(here, case, told),
        next=next_of(here, door, around, call),
        reason=told.words(sealed, "follow_up") if sealed is not None else None,
        once=one_use(here.hotline, case.ref) if known.number else None,
    )


def _first_chi(here: Visit, case: Any) -> str:
    """What the form that closes a case shows first."""
    return here.hotline.categories.first_for(case.kind, case.chi, None)[0]


def _who_changed_it(timeline: Timeline) -> list[str]:
    """The names of others whose lines are new; [] where only the caller or the line did something.

    None of this is a secret from who may read the case.
    """
    names = (line.who for line in timeline.lines if line.is_new)
    return list(dict.fromkeys(name for name in names if name))


PAGES = (Page("/cases/<ref>", "case", show, SEE_CASES),)
