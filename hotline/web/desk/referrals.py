"""The list of services: narrowed by place, by what they do, by name; as a file without persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from hotline import audit, directory, referring
from hotline.core import referral as rules
from hotline.core.listed_service import CATEGORIES, EVERYWHERE
from hotline.core.local_time import day_at
from hotline.core.place_names import Place, folded, sound_of, ways_up
from hotline.core.service_csv import PUBLIC, write_services
from hotline.places import places
from hotline.storage import directory as table
from hotline.storage.database import Transaction
from hotline.storage.directory import Wanted
from hotline.storage.house_rule import get_rule
from hotline.web.desk.forms import DeskForm, SeenVersion, say, tidied
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import ROWS, list_page
from hotline.web.desk.need_to_know import (
    EDIT_REFERRALS,
    EDIT_SETTINGS,
    SEE_CASES,
    SEE_REFERRALS,
    may,
)
from hotline.web.desk.page import POST, Page
from hotline.web.desk.place_field import known_place, label
from hotline.web.desk.settings import CHANGED_MEANWHILE
from hotline.web.desk.visit import Visit, visit

LONGEST_SEARCH = 80
_PIECE = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as a row of a list; `row` has no word about a person."""

    row: Any
    name: str
    other_name: str
    categories: Sequence[str]
    place: str
    is_overdue: bool


class DutyForm(DeskForm):
    when = StringField("")
    version = SeenVersion()


def show() -> ResponseReturnValue:
    return _page()


def find() -> ResponseReturnValue:
    """The same by name or number. It is sent, not asked for: it may be a caller's number."""
    return _page(tidied(request.form.get("q"))[:LONGEST_SEARCH])


def _page(typed: str = "", duty: DutyForm | None = None) -> ResponseReturnValue:
    """`duty`: what somebody chose while somebody else set it."""
    here, page = visit(), list_page()
    edits = may(here.member, EDIT_REFERRALS)
    place, wanted = _asked_for(typed)
    day = day_at(here.hotline.now())
    with here.hotline.reading() as tx:
        found = table.list_services(
            tx,
            wanted,
            limit=ROWS + 1,
            skip=page.skip,
            overdue_first=day if edits else None,
        )
        answer = render_template(
            "referrals.html",
            services=listed(here, tx, found[:ROWS]),
            page=page,
            has_more=len(found) > ROWS,
            overdue=directory.count_overdue(here.hotline, tx),
            edits=edits,
            asked={"q": typed, "category": wanted.category or "", "gone": not wanted.is_active},
            place=place,
            steps=_steps_to(place),
            categories=CATEGORIES,
            duty=_duty(here, tx),
            duty_chosen=duty.when.data if duty else None,
            problem=say(CHANGED_MEANWHILE) if duty else None,
            due=_due(here, tx),
        )
    return answer, 409 if duty else 200


def listed(here: Visit, tx: Transaction, rows: Sequence[Any]) -> list[Listed]:
    """Rows of storage.directory, with what they do and where, in the reader's language."""
    day = day_at(here.hotline.now())
    categories = table.categories_of(tx, [row.id for row in rows]) if rows else {}
    return [
        Listed(
            row=row,
            name=name_of(row, here.language),
            other_name=name_of(row, "km" if here.language == "en" else "en"),
            categories=categories.get(row.id, []),
            place=label(row.place, here.language),
            is_overdue=directory.is_overdue(row, day),
        )
        for row in rows
    ]


def name_of(row: Any, language: str) -> str:
    """In the reader's language; in the other where there is none."""
    first, second = row.name_km, row.name_en
    return str(second or first) if language == "en" else str(first or second)


def _asked_for(typed: str) -> tuple[str, Wanted]:
    """The place, and what the list is narrowed to. Nonsense narrows nothing."""
    told = request.form if request.method in POST else request.args
    asked = (told.get(level, "") for level in ("commune", "district", "province"))
    place = ""
    province = known_place(told.get("province", "")) or ""
    for code in asked:
        if code.startswith(province) and known_place(code):
            place = code
            break
    category = told.get("category", "")
    wanted = Wanted(
        ways=tuple(ways_up(place)) if place else (),
        category=category if category in CATEGORIES else None,
        search=folded(typed),
        sounds=sound_of(typed) if len(typed) > 2 else "",
        is_active=told.get("gone") != "yes",
    )
    return place, wanted


def _steps_to(place: str) -> list[tuple[str, list[Place], str]]:
    """What is chosen next: name of the field, the places, the one that is chosen."""
    names = places()
    steps = [("province", names.within(EVERYWHERE), place[:2])]
    if place:
        steps.append(("district", names.within(place[:2]), place[:4]))
    if len(place) >= len("0110"):
        steps.append(("commune", names.within(place[:4]), place))
    return steps


def _duty(here: Visit, tx: Transaction) -> dict[str, Any] | None:
    """What stands about the duty to report, for who may set it."""
    if not may(here.member, EDIT_SETTINGS):
        return None
    rule = get_rule(tx, referring.DUTY)
    return {
        "when": referring.duty_to_report(tx),
        "version": rule.version if rule is not None else 0,
        "set_by": rule.set_by_name if rule is not None else None,
        "set_at": rule.set_at if rule is not None else None,
    }


def _due(here: Visit, tx: Transaction) -> Sequence[Any]:
    """Handovers without a word back, by reference; for who sees the lists of cases."""
    if not may(here.member, SEE_CASES):
        return ()
    return referring.referrals_due(tx, here.hotline.now())


def set_duty() -> ResponseReturnValue:
    """A supervisor says what the partner and its lawyer decided."""
    here, form = visit(), DutyForm(request.form)
    when, seen = form.when.data or "", form.version.data
    if when in (rules.BY_DANGER, rules.NEVER) and seen is not None:
        with here.hotline.transaction() as tx:
            done = referring.set_duty(here.hotline, tx, when, seen, here.member.id)
        if not done:
            return _page(duty=form)
    return redirect(url_for("desk.referrals"), 303)


def export() -> ResponseReturnValue:
    """The whole list in use as CSV: public names and numbers, nobody's name."""
    here = visit()
    with here.hotline.reading() as tx:
        data = write_services(_rows_of_file(tx), PUBLIC)
    with here.hotline.transaction() as tx:
        actor, now = here.actor, here.hotline.now()
        audit.note(tx, now, actor, "export_services", "services", ",".join(PUBLIC))
    answer = Response(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="services.csv"'
    return answer


def _rows_of_file(tx: Transaction) -> Iterator[dict[str, str]]:
    last = 0
    while rows := table.every_service(tx, last, _PIECE):
        categories = table.categories_of(tx, [row.id for row in rows])
        for row in rows:
            if row.is_active:
                yield _in_file(row, categories.get(row.id, []))
        last = rows[-1].id


def _in_file(row: Any, categories: Sequence[str]) -> dict[str, str]:
    return {
        "name_km": row.name_km,
        "name_en": row.name_en,
        "place": label(row.place, "en") or "all",
        "categories": " ".join(categories),
        "serves": row.serves,
        "hours": row.hours,
        "phones": row.phones,
        "authority": "yes" if row.is_authority else "no",
        "agreed_on": row.agreed_on.isoformat() if row.agreed_on else "",
        "checked_on": row.checked_on.isoformat() if row.checked_on else "",
    }


PAGES = (
    Page("/referrals", "referrals", show, SEE_REFERRALS, menu=_("Referrals")),
    Page("/referrals/find", "find_listed", find, SEE_REFERRALS, POST),
    Page("/referrals.csv", "export_services", export, EDIT_REFERRALS),
    Page("/referrals/duty", "set_duty", set_duty, EDIT_SETTINGS, POST),
)
