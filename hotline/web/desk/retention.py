"""What is kept for how long, what is deleted next, what is held, and what two people agree on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import ValidationError

from hotline import carrier_copies, retention_holds
from hotline.core.local_time import PHNOM_PENH, day_at
from hotline.core.retention import TWO
from hotline.retention_holds import Said
from hotline.storage.retention_consent import consents_for
from hotline.storage.retention_due import cases_to_agree_on
from hotline.storage.retention_hold import list_holds
from hotline.storage.retention_run import last_runs
from hotline.web.desk.case_address import as_reference, is_a_reference, is_reference
from hotline.web.desk.forms import DeskForm, Needed, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import READ_ANY_CASE, RETAIN, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.retention_words import PROBLEMS, REASONS, RULES, STATES, THEN, span
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import Visit, visit

_RUNS = 8
_LONGEST = timedelta(days=3 * 365)
_TOO_SOON = _("Choose a day from tomorrow on, at most three years from now.")


class HoldForm(DeskForm):
    """A case of which nothing may be deleted for a while."""

    ref = StringField(_("Case"), [Needed(), is_a_reference], filters=(as_reference,))
    reason = TextAreaField(_("Why it must be kept"), [Needed(), at_most(2000)], **tidy())
    until = DateField(_("Look at it again by"), [Needed()])

    def validate_until(self, field: Any) -> None:
        today = day_at(visit().hotline.now())
        if not today < field.data < today + _LONGEST:
            raise ValidationError(say(_TOO_SOON))


def _end_of(day: Any) -> datetime:
    return datetime.combine(day, time(), PHNOM_PENH) + timedelta(days=1)


def show() -> ResponseReturnValue:
    return _page(HoldForm())


def hold() -> ResponseReturnValue:
    """A supervisor: from now on nothing of this case goes."""
    here, form = visit(), HoldForm(request.form)
    if not form.validate():
        return _page(form, 422)
    ref, reason, until = str(form.ref.data), str(form.reason.data), _end_of(form.until.data)
    with here.hotline.transaction() as tx:
        came = retention_holds.hold(here.hotline, tx, ref, reason, until, here.member.id)
    if came is not Said.DONE:
        form.ref.errors = [say(PROBLEMS[came])]
        return _page(form, 422)
    return redirect(url_for("desk.retention"), 303)


def lift() -> ResponseReturnValue:
    """Somebody else than who placed it."""
    return _decide(retention_holds.lift, number_of(request.form.get("hold")))


def propose() -> ResponseReturnValue:
    """A supervisor: this case may go."""
    return _decide(retention_holds.propose, _ref())


def agree() -> ResponseReturnValue:
    """Somebody else agrees, or it is kept longer."""
    act = retention_holds.agree if _is("agree") else retention_holds.take_back
    return _decide(act, _ref())


def decide_run() -> ResponseReturnValue:
    """Let a report go that waits for a person, or stop it."""
    act = retention_holds.let_go if _is("go") else retention_holds.stop
    return _decide(act, number_of(request.form.get("run")))


def _decide(act: Any, what: str | int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        came = act(here.hotline, tx, what, here.member.id)
    if came is not Said.DONE:
        return _page(HoldForm(), 422, PROBLEMS[came])
    return redirect(url_for("desk.retention"), 303)


def _is(act: str) -> bool:
    return request.form.get("act") == act


def _ref() -> str:
    typed = as_reference(request.form.get("ref"))
    return typed if is_reference(typed) else ""


# ---------------------------------------------------------------- the page


def _page(form: HoldForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    here = visit()
    now, schedule = here.hotline.now(), here.hotline.schedule
    with here.hotline.reading() as tx:
        runs = last_runs(tx, _RUNS)
        waiting = cases_to_agree_on(tx, schedule, schedule.asking(TWO), now)
        page = render_template(
            "retention.html",
            now=now,
            rules=_rules(here),
            run=next((run for run in runs if run.slot), None),
            runs=[run for run in runs if not run.slot],
            waiting=waiting,
            consents=consents_for(tx, [case.id for case in waiting]) if waiting else {},
            holds=list_holds(tx),
            overdue=carrier_copies.overdue(here.hotline, tx),
            keepers=_keepers(here),
            form=form,
            problem=translate(here.language, problem) if problem else None,
            is_supervisor=may(here.member, READ_ANY_CASE),
            words=_words(here.language),
        )
    return page, status


def _rules(here: Visit) -> list[tuple[str, str, str]]:
    """What, for how long, and then."""
    language = here.language
    return [
        (
            translate(language, RULES[rule.name]),
            span(rule.keep, language),
            translate(language, THEN[rule.then]),
        )
        for rule in here.hotline.schedule.rules.values()
    ]


def _words(language: str) -> dict[str, dict[str, str]]:
    groups = {"rule": RULES, "reason": REASONS, "state": STATES}
    return {
        group: {code: translate(language, english) for code, english in known.items()}
        for group, known in groups.items()
    }


def _keepers(here: Visit) -> list[str]:
    """Carriers that cannot delete what they have of us."""
    return [
        name.title()
        for name, carrier in here.hotline.carriers.items()
        if not (
            carrier.capabilities.can_delete_recordings and carrier.capabilities.can_delete_texts
        )
    ]


PAGES = (
    Page("/retention", "retention", show, RETAIN, menu=_("Keeping and deleting"), proves=True),
    Page("/retention/hold", "hold_case", hold, READ_ANY_CASE, POST, proves=True),
    Page("/retention/lift", "lift_hold", lift, RETAIN, POST, proves=True),
    Page("/retention/propose", "propose_forgetting", propose, READ_ANY_CASE, POST, proves=True),
    Page("/retention/agree", "agree_to_forgetting", agree, RETAIN, POST, proves=True),
    Page("/retention/run", "decide_run", decide_run, RETAIN, POST, proves=True),
)
