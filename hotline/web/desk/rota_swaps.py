"""Swaps at the desk: ask a colleague to take a shift, or exchange it for one of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from hotline import swaps
from hotline.core.rota import Shift
from hotline.storage.database import Transaction
from hotline.storage.shift import find_shift, list_shifts
from hotline.storage.staff_member import find_staff, list_reachable
from hotline.swaps import Part, Swapped
from hotline.web.desk.forms import say
from hotline.web.desk.need_to_know import SEE_ROTA
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota import back_to_rota, rota_page
from hotline.web.desk.rota_forms import SpanForm
from hotline.web.desk.rota_words import PROBLEMS
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import visit

_AHEAD = timedelta(weeks=4)
_MOST_OFFERED = 60
_DONE = frozenset({Swapped.ASKED, Swapped.ACCEPTED, Swapped.REFUSED, Swapped.WITHDRAWN})


def ask() -> ResponseReturnValue:
    """Ask a colleague to take one of my shifts."""
    here = visit()
    with here.hotline.transaction() as tx:
        form = SpanForm(request.form, colleagues=list_reachable(tx))
        if form.validate():
            other = find_staff(tx, int(form.who.data))
            came: str = swaps.ask(here.hotline, tx, here.member.id, other, Part(*form.span))
        else:
            came = "nobody" if form.who.errors else "no_time"
    return _after(came, "ask")


def choose(shift: int) -> ResponseReturnValue:
    """Which shift of a colleague one wants in return."""
    return _exchange_page(shift)


def exchange(shift: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        mine = _mine_or_404(tx, shift)
        wanted = find_shift(tx, number_of(request.form.get("back")))
        other = find_staff(tx, wanted.staff_id) if wanted is not None else None
        if wanted is None or other is None:
            came = "nothing_chosen"
        else:
            part, back = _part(mine), _part(wanted)
            came = swaps.ask(here.hotline, tx, here.member.id, other, part, back)
    return back_to_rota() if came in _DONE else _exchange_page(shift, came)


def answer() -> ResponseReturnValue:
    """Accept or refuse what a colleague asks, or take back what one asked."""
    here, number = visit(), number_of(request.form.get("swap"))
    act = request.form.get("act")
    with here.hotline.transaction() as tx:
        if act == "withdraw":
            came = swaps.withdraw(here.hotline, tx, here.member.id, number)
        else:
            accepts = act == "accept"
            came = swaps.answer(here.hotline, tx, here.member.id, number, accepts=accepts)
    return _after(came, "answer")


def _after(came: str, place: str) -> ResponseReturnValue:
    return back_to_rota() if came in _DONE else rota_page(came, place)


def _exchange_page(shift: int, problem: str | None = None) -> ResponseReturnValue:
    here = visit()
    now = here.hotline.now()
    with here.hotline.reading() as tx:
        mine = _mine_or_404(tx, shift)
        names = {one.id: one.name for one in list_reachable(tx)}
        offered = [
            one
            for one in sorted(list_shifts(tx, now, now + _AHEAD), key=lambda s: s.starts_at)
            if one.staff_id != here.member.id and one.staff_id in names
        ]
        page = render_template(
            "rota_exchange.html",
            mine=mine,
            offered=offered[:_MOST_OFFERED],
            names=names,
            chosen=number_of(request.form.get("back")),
            problem=say(PROBLEMS[problem]) if problem else None,
        )
    return page, 422 if problem else 200


def _mine_or_404(tx: Transaction, shift_id: int) -> Shift:
    """One's own shift that is not over; anybody else's looks as if it was not there."""
    here = visit()
    mine = find_shift(tx, shift_id)
    if mine is None or mine.staff_id != here.member.id or mine.ends_at <= here.hotline.now():
        abort(404)
    return mine


def _part(shift: Any) -> Part:
    return Part(shift.starts_at, shift.ends_at, shift.place)


PAGES = (
    Page("/rota/ask", "ask_swap", ask, SEE_ROTA, POST),
    Page("/rota/answer", "answer_swap", answer, SEE_ROTA, POST),
    Page("/rota/exchange/<int:shift>", "choose_exchange", choose, SEE_ROTA),
    Page("/rota/exchange/<int:shift>", "ask_exchange", exchange, SEE_ROTA, POST),
)
