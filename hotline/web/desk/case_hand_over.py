"""I cannot go on with this case: give it back to the line, or to a colleague, with a reason."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField

from hotline import handing_over
from hotline.handing_over import Handing
from hotline.storage.case import CLOSED
from hotline.storage.database import Transaction
from hotline.web.desk.case_address import address_of
from hotline.web.desk.case_door import kept_or_404
from hotline.web.desk.case_news import news_for
from hotline.web.desk.case_seen import LONGEST_REASON, CaseForm, version_seen
from hotline.web.desk.forms import Needed, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import Visit, visit

BACK = "back"
_BACK_IN_WORDS = _("Give it back: the line asks the next person at once")
_ON_CALL = _("%(who)s, on call now")


class HandOverForm(CaseForm):
    to = RadioField(_("Who goes on with it?"), [Needed(_("Choose one of these."))])
    reason = TextAreaField(
        _("Why? What must they know first?"), [Needed(), at_most(LONGEST_REASON)], **tidy()
    )

    def offers(self, here: Visit, tx: Transaction, case: Any) -> None:
        """The line itself to who has the case, then colleagues, those on call first."""
        others = [
            (str(row.id), say(_ON_CALL, who=row.name) if is_on_call else row.name)
            for row, is_on_call in handing_over.colleagues(here.hotline, tx, case)
        ]
        back = [(BACK, say(_BACK_IN_WORDS))] if case.claimed_by == here.member.id else []
        self.to.choices = [*back, *others]


def show(ref: str) -> ResponseReturnValue:
    here, form = visit(), HandOverForm()
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        form.offers(here, tx, case)
        form.shows(tx, case)
    return _page(case, form)


def hand_over(ref: str) -> ResponseReturnValue:
    here, form = visit(), HandOverForm(request.form)
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        form.offers(here, tx, case)
        is_fit = form.validate()
        came = _hand(here, tx, case, form) if is_fit else None
        if is_fit and came is not Handing.DONE:
            form.news = news_for(here, tx, case)
        form.shows(tx, case)
    if came is Handing.DONE:
        here.hotline.ring({"alerts", "chores"})
        return _onward(here, ref, form)
    return _page(case, form), 409 if is_fit else 422


def _hand(here: Visit, tx: Transaction, case: Any, form: HandOverForm) -> Handing:
    reason, version = form.reason.data or "", version_seen()
    if form.to.data == BACK:
        return handing_over.give_back(here.hotline, tx, case, here.member, reason, version)
    to = int(form.to.data)  # one of those that were offered
    return handing_over.hand_over(here.hotline, tx, case, here.member, to, reason, version)


def _onward(here: Visit, ref: str, form: HandOverForm) -> ResponseReturnValue:
    """Whoever gave it away reads it no more: back to the list."""
    return redirect(address_of(ref if form.to.data == str(here.member.id) else ""), 303)


def _page(case: Any, form: HandOverForm) -> str:
    is_closed = case.state == CLOSED
    return render_template("case_hand_over.html", case=case, form=form, is_closed=is_closed)


PAGES = (
    Page("/cases/<ref>/hand-over", "case_hand_over", show, WORK_CASES),
    Page("/cases/<ref>/hand-over", "hand_over", hand_over, WORK_CASES, POST),
)
