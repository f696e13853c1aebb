"""The rota: who is on call, this week, one's own shifts; ask a colleague, or decide for others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import calendar_addresses, rota, swaps
from hotline.core.local_time import PHNOM_PENH
from hotline.rota_week import RotaWeek, rota_week, today
from hotline.storage.database import Transaction
from hotline.storage.shift import shifts_of_staff
from hotline.storage.shift_swap import asked_swaps
from hotline.storage.staff_member import PAGED_ROLES, list_staff
from hotline.swaps import Swapped
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import EDIT_ROTA, SEE_ROTA, may
from hotline.web.desk.on_call import on_call_now
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota_words import PROBLEMS, WEEKDAYS
from hotline.web.desk.visit import visit

_WEEK = 7
_LAST_WEEK = 6
_MOST_SHIFTS = 12
_DONE = frozenset({Swapped.ASKED, Swapped.ACCEPTED, Swapped.REFUSED, Swapped.WITHDRAWN})


def show() -> ResponseReturnValue:
    return _page()


def ask() -> ResponseReturnValue:
    """Ask a colleague to take one of my shifts."""
    here = visit()
    starts_at, ends_at = _moment("starts"), _moment("ends")
    if starts_at is None or ends_at is None:
        return _page("no_time", "ask")
    with here.hotline.transaction() as tx:
        other = _chosen(tx)
        if other is None:
            came: str = "nobody"
        else:
            member_id, place = here.member.id, _number("place")
            came = swaps.ask(here.hotline, tx, member_id, other, starts_at, ends_at, place)
    return _after(came, "ask")


def answer() -> ResponseReturnValue:
    """Accept or refuse what a colleague asks, or take back what one asked."""
    here, number = visit(), _number("swap")
    act = request.form.get("act")
    with here.hotline.transaction() as tx:
        if act == "withdraw":
            came = swaps.withdraw(here.hotline, tx, here.member.id, number)
        else:
            accepts = act == "accept"
            came = swaps.answer(here.hotline, tx, here.member.id, number, accepts=accepts)
    return _after(came, "answer")


def override() -> ResponseReturnValue:
    """A supervisor gives a span to somebody."""
    here = visit()
    starts_at, ends_at = _moment("starts"), _moment("ends")
    if starts_at is None or ends_at is None:
        return _page("no_time", "override")
    with here.hotline.transaction() as tx:
        member = _chosen(tx)
        if member is None:
            fault: str | None = "nobody"
        else:
            place = min(max(_number("place"), 1), 9)
            actor = f"staff:{here.member.id}"
            fault = rota.override(here.hotline, tx, member.id, starts_at, ends_at, place, actor)
    return _after(fault, "override")


def set_day() -> ResponseReturnValue:
    """A supervisor says that a day is a holiday, is worked, or is what the calendar says."""
    here, day = visit(), _day()
    name, kind = request.form.get("name", "").strip(), request.form.get("kind", "")
    if day is None or day < today(here.hotline.now()):
        return _page("no_day", "day")
    if kind == "off" and not 0 < len(name) <= 80:
        return _page("no_name", "day")
    actor = f"staff:{here.member.id}"
    with here.hotline.transaction() as tx:
        if kind in ("off", "work"):
            rota.set_day(here.hotline, tx, day, name[:80], kind == "off", actor)
        else:
            rota.forget_day(here.hotline, tx, day, actor)
    return _after(None, "day")


def calendar_address() -> ResponseReturnValue:
    """A new address for one's own calendar, shown this once; or none any more."""
    here, address = visit(), None
    actor = f"staff:{here.member.id}"
    with here.hotline.transaction() as tx:
        if request.form.get("act") == "revoke":
            calendar_addresses.revoke(here.hotline, tx, here.member.id, actor)
        else:
            address = calendar_addresses.make_address(here.hotline, tx, here.member.id, actor)
    return _page(address=address)


def _after(came: str | None, form: str) -> ResponseReturnValue:
    """Back to the rota where it was done; else the page with what is wrong beside the form."""
    if came is not None and came not in _DONE:
        return _page(came, form)
    visit().hotline.ring({"alerts"})
    return redirect(url_for("desk.rota"), 303)


def _page(
    problem: str | None = None, form: str = "", address: str | None = None
) -> ResponseReturnValue:
    here = visit()
    now, member_id, which = here.hotline.now(), here.member.id, _which_week()
    first = date.fromordinal(today(now).toordinal() + which * _WEEK)
    with here.hotline.reading() as tx:
        week = rota_week(tx, now, first, _WEEK, here.language)
        page = render_template(
            "rota.html",
            now=now,
            on_call=on_call_now(tx, now),
            week=week,
            days=_days_in_words(week, here.language),
            which=which,
            last_week=_LAST_WEEK,
            mine=shifts_of_staff(tx, member_id, now)[:_MOST_SHIFTS],
            waiting=asked_swaps(tx, now, member_id),
            colleagues=list_staff(tx, PAGED_ROLES),
            decides=may(here.member, EDIT_ROTA),
            problem=translate(here.language, PROBLEMS[problem]) if problem else None,
            problem_form=form,
            kept=request.form,
            address=address,
        )
    return page, 422 if problem else 200


def _days_in_words(week: RotaWeek, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{translate(language, WEEKDAYS[one.day.weekday()])} {one.day:%d/%m}",
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


def _chosen(tx: Transaction) -> Any | None:
    """The colleague chosen in the form, of those who may be on call."""
    chosen = _number("who")
    return next((one for one in list_staff(tx, PAGED_ROLES) if one.id == chosen), None)


def _which_week() -> int:
    return min(_number("week", request.args), _LAST_WEEK)


def _number(name: str, given: Any = None) -> int:
    """0 for nonsense."""
    sent = (request.form if given is None else given).get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _moment(name: str) -> datetime | None:
    """A time as the browser sends it, by the clocks of Phnom Penh; None for nonsense."""
    try:
        read = datetime.fromisoformat(request.form.get(name, ""))
        return (read if read.tzinfo else read.replace(tzinfo=PHNOM_PENH)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        return None


PAGES = (
    Page("/rota", "rota", show, SEE_ROTA, menu=_("Rota")),
    Page("/rota/ask", "ask_swap", ask, SEE_ROTA, POST),
    Page("/rota/answer", "answer_swap", answer, SEE_ROTA, POST),
    Page("/rota/calendar", "calendar_address", calendar_address, SEE_ROTA, POST),
    Page("/rota/override", "override_shift", override, EDIT_ROTA, POST),
    Page("/rota/day", "set_day", set_day, EDIT_ROTA, POST),
)
