"""The list of cases that are not closed: most urgent first, oldest first. It names no caller."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.storage.case import OPEN, count_open, list_cases
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import ROWS, list_page
from hotline.web.desk.need_to_know import SEE_CASES
from hotline.web.desk.on_call import on_call_now
from hotline.web.desk.page import Page
from hotline.web.desk.visit import visit
from hotline.web.desk.watch_lines import watched


def show() -> ResponseReturnValue:
    here, page = visit(), list_page()
    with here.hotline.reading() as tx:
        rows = list_cases(tx, limit=ROWS, skip=page.skip)
        total = sum(count_open(tx).values())
        on_call = on_call_now(tx, here.hotline.now())
        under_watch = watched(tx, here.language)
    return render_template(
        "open_cases.html",
        rows=rows,
        total=total,
        page=page,
        on_call=on_call,
        watched=under_watch,
        waiting=sum(row.state == OPEN for row in rows),
        now=here.hotline.now(),
    )


PAGES = (Page("/", "open_cases", show, SEE_CASES, menu=_("Right now")),)
