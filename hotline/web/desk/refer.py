"""Refer a caller: find a service near them, ask for their yes, hand over step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import directory, referring
from hotline.core import referral as rules
from hotline.core.listed_service import CATEGORIES, DOORS
from hotline.core.place_names import LEVELS, LONGEST_LABEL, ways_up
from hotline.referring import Stepped
from hotline.storage import directory as table
from hotline.storage import referral as referral_table
from hotline.storage.case import case_key
from hotline.storage.database import Transaction
from hotline.storage.directory import Wanted
from hotline.web.desk.case_door import note, readable_or_404, writable_or_404
from hotline.web.desk.case_seen import version_seen
from hotline.web.desk.forms import tidied
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.place_field import label, read_place, to_choose_from
from hotline.web.desk.referrals import Listed, listed, name_of
from hotline.web.desk.visit import Visit, visit

MOST = 30
LONGEST_WORDS = 2_000
_PROBLEMS = {
    "choose_step": (_("Choose what was done."), 422),
    "too_long": (_("This is longer than 2,000 letters. Make it shorter."), 422),
    Stepped.NOT_NOW: (_("This step does not come next. Look at what was written down."), 422),
    Stepped.CHANGED_MEANWHILE: (
        _("Somebody wrote down a step meanwhile. Look at it, then press the button again."),
        409,
    ),
}
_ASKED = ("place", "place_code", "place_known", "category")


@dataclass(frozen=True, slots=True)
class Near:
    """A service, and how far from the caller it is: commune, district, province, country."""

    one: Listed
    near: str
    was_refused: bool


@dataclass(frozen=True, slots=True)
class Step:
    at: Any
    who: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Handover:
    """A referral of this case, with what was done and what may be done next."""

    row: Any
    name: str
    steps: Sequence[Step]
    next_steps: Sequence[str]
    reason: str
    may_print: bool


@dataclass(frozen=True, slots=True)
class StepProblem:
    """Why a step was not written down, and what was typed."""

    number: int
    code: str
    step: str
    words: str


def show(ref: str) -> ResponseReturnValue:
    return _page(ref)


def find(ref: str) -> ResponseReturnValue:
    """The same page for another place. It is sent, not asked for: an address would tell where."""
    return _page(ref, {name: tidied(request.form.get(name))[:LONGEST_LABEL] for name in _ASKED})


def _page(
    ref: str, asked: dict[str, str] | None = None, problem: StepProblem | None = None
) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        note(tx, here, case, "read_case", "referrals")
    language = here.language
    if asked is None:
        asked = {**dict.fromkeys(_ASKED, ""), **_known(case.place or "", language)}
    read = read_place(asked["place"], asked["place_code"], asked["place_known"])
    if read.code is not None:
        asked |= _known(read.code, language)
    category = asked["category"] if asked["category"] in CATEGORIES else None
    with here.hotline.reading() as tx:
        found = _near(here, tx, case, read.code, category)
        page = render_template(
            "refer.html",
            case=case,
            handovers=_handovers(here, tx, case),
            found=found[:MOST],
            has_more=len(found) > MOST,
            doors=doors(here, tx),
            asked=asked,
            among=to_choose_from(read, language),
            place_missed=bool(asked["place"]) and read.code is None,
            around=label(read.code or "", language),
            categories=CATEGORIES,
            problem=problem,
            why=translate(language, _PROBLEMS[problem.code][0]) if problem else None,
            now=here.hotline.now(),
        )
    return page, _PROBLEMS[problem.code][1] if problem else 200


def _known(code: str, language: str) -> dict[str, str]:
    """The field of the place as it stands for this one, until somebody writes over it."""
    return {"place": label(code, language), "place_known": code}


def _near(
    here: Visit, tx: Transaction, case: Any, code: str | None, category: str | None
) -> list[Near]:
    """Nearest first. Without a place: what there is for the whole country."""
    ways = tuple(ways_up(code)) if code else ("",)
    rows = table.list_services(tx, Wanted(ways=ways, category=category), limit=MOST + 1)
    refused = referral_table.refused_services(tx, case.id)
    return [
        Near(one, how_near(one.row.place, code), one.row.id in refused)
        for one in listed(here, tx, rows)
    ]


def how_near(place: str, code: str | None) -> str:
    """Where the two meet: a district's service is in the same district for all its communes."""
    ways = ways_up(code)[:-1] if code else ()
    return next((LEVELS[len(way)] for way in ways if place.startswith(way)), "country")


def doors(here: Visit, tx: Transaction) -> list[tuple[str, str, int | None]]:
    """More than one door: name, number, and its place in the list. Never missing."""
    known = {row.known_as: row for row in table.services_known_as(tx, DOORS)}
    found: list[tuple[str, str, int | None]] = []
    for door in DOORS:
        row = known.get(door, directory.NATIONAL[door])
        found.append((name_of(row, here.language), row.phones, getattr(row, "id", None)))
    return found


def _handovers(here: Visit, tx: Transaction, case: Any) -> list[Handover]:
    if case_key(tx, case.id) is None:
        return []
    steps: dict[int, list[Step]] = {}
    for one in referral_table.steps_of_case(tx, case.id):
        words = referring.step_words(here.hotline, tx, case.id, one.words_sealed)
        step = Step(one.at, one.staff_name, one.what, words)
        steps.setdefault(one.referral_id, []).append(step)
    return [
        Handover(
            row=row,
            name=name_of(row, here.language),
            steps=steps.get(row.id, []),
            next_steps=rules.steps_from(row.state, row.answer),
            reason=referring.reason_of(here.hotline, tx, row),
            may_print=rules.may_print(row.state, row.answer, row.fields),
        )
        for row in referral_table.referrals_of(tx, case.id)
    ]


def step(ref: str, number: int) -> ResponseReturnValue:
    """Write down one step of a handover."""
    here, chosen = visit(), request.form.get("step", "")
    words = tidied(request.form.get("words"))
    code: str | None = None
    with here.hotline.transaction() as tx:
        case = writable_or_404(tx, here, ref)
        row = referral_or_404(tx, case, number)
        if chosen not in rules.STEPS:
            code = "choose_step"
        elif len(words) > LONGEST_WORDS:
            code = "too_long"
        else:
            came = referring.take_step(
                here.hotline, tx, case, row, chosen, words, version_seen(), here.member.id
            )
            code = None if came is Stepped.DONE else came
    if code is not None:
        return _page(ref, problem=StepProblem(number, code, chosen, words))
    return redirect(url_for("desk.refer", ref=ref), 303)


def referral_or_404(tx: Transaction, case: Any, number: int) -> Any:
    row = referral_table.get_referral(tx, case.id, number)
    return row if row is not None else abort(404)


PAGES = (
    Page("/cases/<ref>/refer", "refer", show, WORK_CASES),
    Page("/cases/<ref>/refer/find", "find_services", find, WORK_CASES, POST),
    Page("/cases/<ref>/referrals/<int:number>", "step_referral", step, WORK_CASES, POST),
)
