"""The list of closed cases, newest first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.storage.case import list_cases
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import ROWS, list_page
from hotline.web.desk.need_to_know import SEE_CASES
from hotline.web.desk.page import Page
from hotline.web.desk.visit import visit


def show() -> ResponseReturnValue:
    here, page = visit(), list_page()
    with here.hotline.reading() as tx:
        rows = list_cases(tx, closed=True, limit=ROWS + 1, skip=page.skip)
    return render_template(
        "closed_cases.html",
        rows=rows[:ROWS],
        page=page,
        has_more=len(rows) > ROWS,
        now=here.hotline.now(),
    )


PAGES = (Page("/closed", "closed_cases", show, SEE_CASES, menu=_("Closed")),)
