"""When to call again or look at a case again: a day and a time, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateTimeLocalField, TextAreaField

from hotline import cases, next_dates
from hotline.core.local_time import PHNOM_PENH
from hotline.core.next_date import longest, suggested
from hotline.core.safe_call import stands_against
from hotline.next_dates import Dating
from hotline.storage.database import Transaction
from hotline.told import Told
from hotline.web.desk.case_door import kept_or_404, note
from hotline.web.desk.case_news import news_for
from hotline.web.desk.case_seen import LONGEST_REASON, CaseForm, back_to, version_seen
from hotline.web.desk.forms import Needed, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.plan_words import known_with, plan_in_words
from hotline.web.desk.visit import Visit, visit

_MINUTES = "%Y-%m-%dT%H:%M"
_SAID = {
    Dating.PAST: _("This time is over. Choose a later one."),
    Dating.TOO_FAR: _("This is too far away: %(days)s days at most for this case."),
    Dating.UNSAFE_TIME: _(
        "At that hour it is not safe for them. Choose another, or say below why."
    ),
}


class DateForm(CaseForm):
    at = DateTimeLocalField(
        _("Day and time"),
        [Needed(_("Choose a day and a time."))],
        format=[_MINUTES, "%Y-%m-%d %H:%M"],
    )
    reason = TextAreaField(_("What for?"), [Needed(), at_most(LONGEST_REASON)], **tidy())
    meant = BooleanField(_("I mean this hour, although it is not in their safe time"))

    @property
    def moment(self) -> datetime | None:
        """What was chosen is a time in Cambodia, whatever clock the phone has."""
        chosen: datetime | None = self.at.data
        return chosen.replace(tzinfo=PHNOM_PENH) if chosen is not None else None


def show(ref: str) -> ResponseReturnValue:
    here, form = visit(), DateForm()
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        note(tx, here, case, "read_case", "plan")
        told = cases.read(here.hotline, tx, case)
        soon = suggested(here.hotline.now(), told.plan, told.notes)
        form.at.data = soon.astimezone(PHNOM_PENH).replace(tzinfo=None)
        form.shows(tx, case)
        return _page(here, tx, case, told, form)


def set_date(ref: str) -> ResponseReturnValue:
    here, form = visit(), DateForm(request.form)
    is_fit = form.validate()
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        told = cases.read(here.hotline, tx, case)
        came = _set(here, tx, case, form) if is_fit else None
        if came is Dating.SET:
            return back_to(ref)
        if came is Dating.CHANGED_MEANWHILE:
            form.news = news_for(here, tx, case)
        form.shows(tx, case)
        page = _page(here, tx, case, told, form)
    return page, 409 if came is Dating.CHANGED_MEANWHILE else 422


def _set(here: Visit, tx: Transaction, case: Any, form: DateForm) -> Dating:
    assert form.moment is not None
    came = next_dates.set_date(
        here.hotline,
        tx,
        case,
        here.member,
        at=form.moment,
        reason=form.reason.data or "",
        version=version_seen(),
        is_meant=bool(form.meant.data),
    )
    if came in _SAID:
        days = longest(case.priority).days
        form.at.errors = [say(_SAID[came], days=days)]
    return came


def _page(here: Visit, tx: Transaction, case: Any, told: Told, form: DateForm) -> str:
    forbids = stands_against(told.plan, case.flags) is not None
    return render_template(
        "case_date.html",
        case=case,
        form=form,
        plan=plan_in_words(case, known_with(here.hotline, tx, case, told), here.language),
        held=next_dates.may_set(tx, case, here.member.role, forbids=forbids),
        forbids=forbids,
        asks_twice=bool(form.at.errors) and form.moment is not None,
        now=here.hotline.now(),
    )


PAGES = (
    Page("/cases/<ref>/date", "case_date", show, WORK_CASES),
    Page("/cases/<ref>/date", "set_date", set_date, WORK_CASES, POST),
)
