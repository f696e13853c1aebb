"""Cases found again: by reference, by exact number, by what is plain about them. Names nobody."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import audit, callers
from hotline.core.case_reference import references_like
from hotline.core.phone_number import normalise
from hotline.storage.case import CLOSED
from hotline.storage.case_search import cases_of_number, references_of, search_cases
from hotline.web.desk.case_filters import (
    Filters,
    NumberForm,
    ReferenceForm,
    criteria_of,
    filters,
)
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import FEW, ROWS, mark_of, page_asked
from hotline.web.desk.need_to_know import READ_ANY_CASE, SEE_CASES, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.renewing import wants_part
from hotline.web.desk.visit import visit


def show() -> ResponseReturnValue:
    """The newest, or those that fit what was chosen."""
    here, after = visit(), page_asked()
    form = filters(here, request.args)
    if not form.validate():
        return _page(form, rows=(), status=422)
    with here.hotline.reading() as tx:
        rows = search_cases(tx, criteria_of(here, form), after, FEW + 1)
    shown, last = rows[:FEW], rows[FEW - 1] if len(rows) > FEW else None
    further = mark_of(last.opened_at, last.id) if last else None
    return _page(form, rows=shown, further=further, is_first=after is None)


def find() -> ResponseReturnValue:
    """To the case somebody means, however they typed its reference."""
    here, form = visit(), ReferenceForm(request.form)
    if not form.validate():
        return _page(filters(here, None), reference=form, status=422)
    with here.hotline.reading() as tx:
        found = references_of(tx, references_like(form.ref.data or ""))
    if len(found) == 1:
        return redirect(url_for("desk.case", ref=found[0]), 303)
    if not found:
        form.ref.errors = [say(_("No case has this reference. It is five letters and digits."))]
        return _page(filters(here, None), reference=form, status=422)
    return _page(filters(here, None), reference=form, refs=found)


def find_number() -> ResponseReturnValue:
    """The cases of exactly this number, rung from or keyed. That somebody asked is noted."""
    here, form = visit(), NumberForm(request.form)
    number = normalise(form.number.data or "") if form.validate() else None
    if number is None:
        if not form.number.errors:
            form.number.errors = [say(_("Write the whole number, like 012 345 678 or +855…"))]
        return _page(filters(here, None), number=form, status=422)
    with here.hotline.transaction() as tx:
        known = callers.known_by(here.hotline, tx, number)
        keyed = callers.indexes_of(here.hotline, number)
        found = [row.ref for row in cases_of_number(tx, known, keyed, ROWS)]
        audit.note(tx, here.hotline.now(), here.actor, "search_cases", "cases", "number")
    return _page(filters(here, None), number=form, refs=found)


def show_closed() -> ResponseReturnValue:
    """Where the closed cases were before there was a search."""
    return redirect(url_for("desk.cases", state=CLOSED), 303)


def _page(form: Filters, *, status: int = 200, **more: object) -> ResponseReturnValue:
    """The whole page, or for htmx the part with the filters and what they found."""
    here = visit()
    asked: dict[str, Any] = form.asked()
    values = {
        "rows": (),
        "refs": None,
        "further": None,
        "is_first": True,
        "reference": ReferenceForm(),
        "number": NumberForm(),
        **more,
    }
    page = render_template(
        "cases_found.html" if wants_part() else "cases.html",
        filters=form,
        asked=asked,
        is_wrong=status != 200,
        may_ask_number=may(here.member, READ_ANY_CASE),
        now=here.hotline.now(),
        **values,
    )
    answer = make_response(page, status)
    if wants_part():
        answer.headers["HX-Push-Url"] = url_for("desk.cases", **asked)
    return answer


PAGES = (
    Page("/cases", "cases", show, SEE_CASES, menu=_("Cases")),
    Page("/cases/find", "find_case", find, SEE_CASES, POST),
    Page("/cases/number", "find_number", find_number, READ_ANY_CASE, POST),
    Page("/closed", "closed_cases", show_closed, SEE_CASES),
)
