"""Now: the cases that are not closed by what is due, who is on call, and what is red.

It names no caller, and it renews itself.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from hotline.storage.due_case import Whose, count_due, due_cases
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import AFTER, FEW, mark_of, page_asked
from hotline.web.desk.need_to_know import SEE_CASES, WORK_CASES, may
from hotline.web.desk.on_call import on_call_now
from hotline.web.desk.page import Page
from hotline.web.desk.red_lines import red_lines
from hotline.web.desk.renewing import renewed
from hotline.web.desk.visit import visit
from hotline.web.desk.watch_lines import last_rehearsal

WHOSE = {Whose.ALL: _("All"), Whose.MINE: _("Mine"), Whose.NOBODYS: _("Nobody's")}


def show() -> ResponseReturnValue:
    here, whose, after = visit(), _whose(), page_asked()
    me, now = here.member, here.hotline.now()
    with here.hotline.reading() as tx:
        rows = due_cases(tx, whose, me.id, after, FEW + 1)
        how_many = count_due(tx, me.id, now)
        on_call = on_call_now(tx, now)
        rehearsal = last_rehearsal(tx, here.language)
        red = red_lines(here, tx, how_many, on_call, rehearsal)
    shown, last = rows[:FEW], rows[FEW - 1] if len(rows) > FEW else None
    return renewed(
        "open_cases.html",
        "now.html",
        "desk.open_cases",
        _address(whose),
        rows=shown,
        further=mark_of(last.due_at, last.case.id) if last else None,
        how_many=how_many,
        whose=whose,
        choices=WHOSE if may(me, WORK_CASES) else {},
        is_first=after is None,
        on_call=on_call,
        rehearsal=rehearsal,
        red=red,
        now=now,
    )


def _whose() -> Whose:
    asked = request.args.get("whose", "")
    return Whose(asked) if asked in set(Whose) else Whose.ALL


def _address(whose: Whose) -> dict[str, str]:
    """What the address of this very page says."""
    named = {} if whose is Whose.ALL else {"whose": whose.value}
    return {**named, AFTER: request.args[AFTER]} if page_asked() is not None else named


PAGES = (Page("/", "open_cases", show, SEE_CASES, menu=_("Right now")),)
