"""The rota: who is on call, this week in a picture and in words, one's own shifts and calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import calendar_addresses
from hotline.core.local_time import PHNOM_PENH, day_at
from hotline.rota_week import RotaWeek, rota_week
from hotline.storage.database import Transaction
from hotline.storage.rota_change import last_change
from hotline.storage.shift import shifts_of_staff
from hotline.storage.shift_swap import asked_swaps
from hotline.storage.staff_member import list_reachable
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import EDIT_ROTA, SEE_ROTA, may
from hotline.web.desk.on_call import on_call_now
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota_forms import DayForm, SpanForm
from hotline.web.desk.rota_picture import picture_of
from hotline.web.desk.rota_words import PROBLEMS, WEEKDAYS
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import visit

_WEEK = 7
LAST_WEEK = 6
_MOST_SHIFTS = 12


def show() -> ResponseReturnValue:
    return rota_page()


def calendar_address() -> ResponseReturnValue:
    """A new address for one's own calendar, shown this once; or none any more."""
    here, address = visit(), None
    with here.hotline.transaction() as tx:
        if request.form.get("act") == "revoke":
            calendar_addresses.revoke(here.hotline, tx, here.member.id, here.actor)
        else:
            address = calendar_addresses.make_address(here.hotline, tx, here.member.id, here.actor)
    return rota_page(address=address)


def back_to_rota() -> ResponseReturnValue:
    """What was asked for is done; those it concerns are told."""
    visit().hotline.ring({"alerts"})
    return redirect(url_for("desk.rota"), 303)


def rota_page(
    problem: str | None = None,
    place: str = "",
    *,
    span: SpanForm | None = None,
    day: DayForm | None = None,
    address: str | None = None,
) -> ResponseReturnValue:
    """The page; or, with a form that was not taken or a problem beside `place`, the same as 422."""
    here = visit()
    with here.hotline.reading() as tx:
        told = _told_of_week(tx)
        told |= _told_of_me(tx)
        colleagues = list_reachable(tx)
        page = render_template(
            "rota.html",
            **told,
            span_form=span or SpanForm(colleagues=colleagues),
            day_form=day or DayForm(),
            opened="span" if span else "day" if day else "",
            colleagues=colleagues,
            decides=may(here.member, EDIT_ROTA),
            seen=last_change(tx),
            problem=say(PROBLEMS.get(problem, problem)) if problem else None,
            problem_place=place,
            address=address,
        )
    return page, 422 if problem or span or day else 200


def _told_of_week(tx: Transaction) -> dict[str, Any]:
    here, which = visit(), _which_week()
    now = here.hotline.now()
    first = date.fromordinal(day_at(now).toordinal() + which * _WEEK)
    week = rota_week(tx, now, first, _WEEK, here.language)
    return {
        "now": now,
        "on_call": on_call_now(tx, now),
        "week": week,
        "days": days_in_words(week, here.language),
        "picture": picture_of(week),
        "which": which,
        "last_week": LAST_WEEK,
    }


def _told_of_me(tx: Transaction) -> dict[str, Any]:
    here = visit()
    now, mine = here.hotline.now(), here.member.id
    return {
        "mine": shifts_of_staff(tx, mine, now)[:_MOST_SHIFTS],
        "waiting": asked_swaps(tx, now, mine),
    }


def days_in_words(week: RotaWeek, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{translate(language, WEEKDAYS[one.day.weekday()])} {one.day:%d/%m}",
            "short": f"{one.day:%d}",
            "special": one.special,
            "pieces": [
                {
                    "from": f"{piece.starts_at.astimezone(PHNOM_PENH):%H:%M}",
                    "until": _until(piece.ends_at, one.day),
                    "people": [week.names.get(who, "?") for who in piece.people],
                }
                for piece in one.pieces
            ],
        }
        for one in week.days
    ]


def _until(moment: datetime, day: date) -> str:
    there = moment.astimezone(PHNOM_PENH)
    return f"{there:%H:%M}" if there.date() == day else "24:00"


def _which_week() -> int:
    return min(number_of(request.args.get("week")), LAST_WEEK)


PAGES = (
    Page("/rota", "rota", show, SEE_ROTA, menu=_("Rota")),
    Page("/rota/calendar", "calendar_address", calendar_address, SEE_ROTA, POST),
)
