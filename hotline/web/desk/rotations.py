"""Rotations at the desk: those that go on, a new one, the end of one; looked at before kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import rota
from hotline.core.local_time import day_at
from hotline.core.rota import Shift, doubles, gaps, watches
from hotline.rota import RotaFault
from hotline.rota_preview import with_rotation, without_rotation
from hotline.storage.database import Transaction
from hotline.storage.rotation import list_rotations
from hotline.storage.staff_member import list_reachable, list_staff
from hotline.web.desk.forms import say
from hotline.web.desk.need_to_know import EDIT_ROTA
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota_forms import RotationForm
from hotline.web.desk.rota_words import PROBLEMS, WEEKDAYS
from hotline.web.desk.visit import visit

LOOKED_AHEAD = timedelta(weeks=4)
_MOST_LINES = 80


def show() -> ResponseReturnValue:
    return _page()


def add() -> ResponseReturnValue:
    """First what the coming weeks would be; kept when that was looked at."""
    here = visit()
    with here.hotline.transaction() as tx:
        form = RotationForm(request.form, colleagues=list_reachable(tx))
        ahead = _try(tx, form) if form.validate() else []
    if form.errors:
        return _page(form)
    if ahead is None:
        return redirect(url_for("desk.rotations"), 303)
    return _page(form, ahead=ahead)


def _try(tx: Transaction, form: RotationForm) -> Sequence[Shift] | None:
    """The coming weeks as they would be; None once it was kept. A fault stands in the form."""
    here, new = visit(), form.rotation
    now = here.hotline.now()
    ahead = with_rotation(tx, new, now, now + LOOKED_AHEAD)
    if isinstance(ahead, RotaFault):
        _blame(form, ahead)
        return []
    if _act() != "keep" or request.form.get("looked_at") != form.mark:
        return ahead
    came = rota.add_rotation(here.hotline, tx, new, here.actor)
    if isinstance(came, RotaFault):
        _blame(form, came)
        return []
    return None


def _act() -> str:
    return request.form.get("act", "")


def _blame(form: RotationForm, fault: RotaFault) -> None:
    field = {RotaFault.IN_THE_PAST: form.starts_on, RotaFault.OVERLAPS: form.place}.get(
        fault, form.turn_1
    )
    field.errors = [say(PROBLEMS[fault])]


def ask_end(number: int) -> ResponseReturnValue:
    """What the coming weeks would be without it."""
    here = visit()
    now = here.hotline.now()
    with here.hotline.reading() as tx:
        one = next((one for one in list_rotations(tx) if one.id == number), None)
        if one is None:
            abort(404)
        ahead = without_rotation(tx, number, now, now + LOOKED_AHEAD)
        return render_template("rotation_ends.html", one=one, **_told(tx), **_ahead(ahead))


def end(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        is_ended = rota.end_rotation(here.hotline, tx, number, here.actor)
    if not is_ended:
        abort(404)
    return redirect(url_for("desk.rotations"), 303)


def _page(
    form: RotationForm | None = None,
    ahead: Sequence[Shift] | None = None,
) -> ResponseReturnValue:
    here = visit()
    now = here.hotline.now()
    with here.hotline.reading() as tx:
        first = {"starts_on": day_at(now).isoformat()}
        shown = form or RotationForm(data=first, colleagues=list_reachable(tx))
        page = render_template(
            "rotations.html",
            rotations=sorted(list_rotations(tx), key=lambda one: (one.place, one.id or 0)),
            form=shown,
            **_told(tx),
            **(_ahead(ahead) if ahead is not None else {"lines": None}),
        )
    return page, 422 if form is not None and form.errors else 200


def _told(tx: Transaction) -> dict[str, Any]:
    names = {member.id: member.name for member in list_staff(tx)}
    return {"names": names, "weekdays": [say(name) for name in WEEKDAYS]}


def _ahead(shifts: Sequence[Shift]) -> dict[str, Any]:
    """Who would be on call, piece by piece."""
    now = visit().hotline.now()
    until = now + LOOKED_AHEAD
    lines = watches(shifts, now, until)
    return {
        "lines": lines[:_MOST_LINES],
        "is_cut": len(lines) > _MOST_LINES,
        "gaps": gaps(shifts, now, until),
        "doubles": [double for double in doubles(shifts) if double.ends_at > now],
    }


PAGES = (
    Page("/rota/rotations", "rotations", show, EDIT_ROTA),
    Page("/rota/rotations", "add_rotation", add, EDIT_ROTA, POST),
    Page("/rota/rotations/<int:number>/end", "ask_end_rotation", ask_end, EDIT_ROTA),
    Page("/rota/rotations/<int:number>/end", "end_rotation", end, EDIT_ROTA, POST),
)
