"""What a supervisor decides about the rota: a time for somebody, a holiday.

Two who decide at once: the second is told what the first one did, and decides again knowing it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from hotline import rota
from hotline.core.local_time import day_at
from hotline.rota import RotaFault
from hotline.storage.database import Transaction
from hotline.storage.shift import hold_rota
from hotline.storage.staff_member import list_reachable
from hotline.web.desk.forms import say
from hotline.web.desk.need_to_know import EDIT_ROTA
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota import back_to_rota, rota_page
from hotline.web.desk.rota_forms import DayForm, SpanForm, day_of
from hotline.web.desk.rota_words import CHANGED_MEANWHILE, PROBLEMS
from hotline.web.desk.times import clock
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import visit


def override() -> ResponseReturnValue:
    """A supervisor gives a span to somebody."""
    here, meanwhile = visit(), None
    with here.hotline.transaction() as tx:
        form = SpanForm(request.form, colleagues=list_reachable(tx))
        if form.validate():
            fault = _override(tx, form)
            if fault is None:
                return back_to_rota()
            if fault is RotaFault.CHANGED:
                meanwhile = _who_changed(tx, *form.span[:2])
            else:
                field = form.who if fault is RotaFault.NOT_PAGED else form.ends
                field.errors = [say(PROBLEMS[fault])]
    return rota_page(meanwhile, "span", span=form)


def _override(tx: Transaction, form: SpanForm) -> RotaFault | None:
    here, (starts_at, ends_at, place) = visit(), form.span
    who = int(form.who.data)
    return rota.override(here.hotline, tx, who, starts_at, ends_at, place, here.actor, seen=_seen())


def set_day() -> ResponseReturnValue:
    """A supervisor says that a day is a holiday, is worked, or is what the calendar says."""
    here, meanwhile = visit(), None
    form = DayForm(request.form, today=day_at(here.hotline.now()))
    day = day_of(request.form.get("day"))
    if not form.validate() or day is None:
        return rota_page(day=form)
    kind, span = form.kind.data, rota.span_of_day(day)
    with here.hotline.transaction() as tx:
        hold_rota(tx)
        if rota.changed_meanwhile(tx, _seen(), *span, here.actor):
            meanwhile = _who_changed(tx, *span)
        elif kind in ("off", "work"):
            rota.set_day(here.hotline, tx, day, form.name.data or "", kind == "off", here.actor)
        else:
            rota.forget_day(here.hotline, tx, day, here.actor)
    return rota_page(meanwhile, "day", day=form) if meanwhile else back_to_rota()


def _who_changed(tx: Transaction, starts_at: datetime, ends_at: datetime) -> str:
    """A sentence in the reader's language: who changed this time, and when."""
    last: Any = rota.changed_meanwhile(tx, _seen(), starts_at, ends_at, visit().actor)[0]
    return say(CHANGED_MEANWHILE, who=last.name, at=clock(last.at))


def _seen() -> int:
    """Up to which change the page had shown the rota."""
    return number_of(request.form.get("seen"))


PAGES = (
    Page("/rota/override", "override_shift", override, EDIT_ROTA, POST),
    Page("/rota/day", "set_day", set_day, EDIT_ROTA, POST),
)
