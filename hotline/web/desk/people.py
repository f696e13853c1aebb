"""The people of the line: who they are here, whom a page reaches, whose phone nobody verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline import inviting, people, staffing
from hotline.core.phone_number import masked
from hotline.house_rules import staff_quiet
from hotline.people import PersonFault
from hotline.sessions import LONGEST, idle_of
from hotline.storage.database import Transaction
from hotline.storage.shift import staff_on_call
from hotline.storage.staff_activity import sessions_of_all, with_second_factor
from hotline.storage.staff_member import list_staff
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import EDIT_PEOPLE, SEE_PEOPLE, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.people_forms import PersonForm
from hotline.web.desk.people_words import PHONES, PROBLEMS, quiet_hours, state_of_phone
from hotline.web.desk.visit import visit


@dataclass(frozen=True, slots=True)
class Row:
    """One person, as the list shows them: the phone is masked."""

    member: Any
    phone: str
    phone_state: str
    phone_words: str
    quiet: str
    is_on_call: bool
    has_second_factor: bool
    last_at: datetime | None
    sessions: int


def rows_of(tx: Transaction, members: list[Any]) -> list[Row]:
    """What the pages tell of these people, in a few questions for all of them."""
    here = visit()
    now = here.hotline.now()
    sessions = {
        row.staff_id: row for row in sessions_of_all(tx, now - LONGEST, now - idle_of(here.hotline))
    }
    on_call, proven, house = set(staff_on_call(tx, now)), with_second_factor(tx), staff_quiet(tx)
    rows = []
    for member in members:
        state, signed_in = state_of_phone(member), sessions.get(member.id)
        rows.append(
            Row(
                member,
                masked(staffing.phone_of(here.hotline, member)),
                state,
                say(PHONES[state]),
                quiet_hours(member, house, here.language),
                member.id in on_call,
                member.id in proven,
                signed_in.last_at if signed_in else None,
                signed_in.active if signed_in else 0,
            )
        )
    return rows


def show() -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        members = sorted(list_staff(tx), key=lambda member: member.name.casefold())
        return render_template(
            "people.html",
            rows=rows_of(tx, members),
            now=here.hotline.now(),
            edits=may(here.member, EDIT_PEOPLE),
        )


def write_new() -> ResponseReturnValue:
    return _page_of_new(PersonForm(needs_phone=True, data={"role": "duty", "language": "km"}))


def add() -> ResponseReturnValue:
    """A new person; what they sign in with first is shown this once."""
    here = visit()
    form = PersonForm(request.form, needs_phone=True)
    if not form.validate():
        return _page_of_new(form), 422
    new = form.person(form.number)
    with here.hotline.transaction() as tx:
        came = people.take_on(here.hotline, tx, new, here.actor)
        if not isinstance(came, PersonFault):
            words = inviting.invite(here.hotline, tx, came, here.actor)
    if isinstance(came, PersonFault):
        field = form.phone if came is PersonFault.PHONE_TAKEN else form.name
        field.errors = [say(PROBLEMS[came])]
        return _page_of_new(form), 422
    here.hotline.ring({"alerts"})
    return render_template("invited.html", who=came, name=new.name, words=words)


def _page_of_new(form: PersonForm) -> str:
    return render_template("person_new.html", form=form)


PAGES = (
    Page("/people", "people", show, SEE_PEOPLE, menu=_("People")),
    Page("/people/new", "new_person", write_new, EDIT_PEOPLE, proves=True),
    Page("/people/new", "add_person", add, EDIT_PEOPLE, POST, proves=True),
)
