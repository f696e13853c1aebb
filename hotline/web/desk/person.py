"""One person of the staff: what is known of them, and what who keeps the people may change."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import inviting, letting_go, people, staffing
from hotline.people import PersonFault
from hotline.storage.database import Transaction
from hotline.storage.staff_member import find_staff
from hotline.verifying import is_code_open
from hotline.web.desk.case_seen import version_seen
from hotline.web.desk.forms import say
from hotline.web.desk.need_to_know import EDIT_PEOPLE, REVOKE, SEE_PEOPLE, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.people import rows_of
from hotline.web.desk.people_forms import CodeForm, PersonForm, ReachForm, reach_as_kept
from hotline.web.desk.people_words import PROBLEMS
from hotline.web.desk.visit import visit


def member_or_404(tx: Transaction, who: int) -> Any:
    """Somebody who is here."""
    member = find_staff(tx, who)
    if member is None:
        abort(404)
    return member


def show(who: int) -> ResponseReturnValue:
    return person_page(who)


def change(who: int) -> ResponseReturnValue:
    """Name, role, phone, language."""
    here, form = visit(), PersonForm(request.form)
    if not form.validate():
        return person_page(who, form=form)
    with here.hotline.transaction() as tx:
        member = member_or_404(tx, who)
        number = form.number or staffing.phone_of(here.hotline, member)
        new = form.person(number)
        fault = people.change(here.hotline, tx, member, new, version_seen(), here.actor)
    if fault is None:
        return _done(who)
    if fault is PersonFault.CHANGED:
        return person_page(who, form=form, problem=fault)
    in_role = (PersonFault.ONESELF, PersonFault.LAST_ADMIN)
    field = form.role if fault in in_role else form.name
    field = form.phone if fault is PersonFault.PHONE_TAKEN else field
    field.errors = [say(PROBLEMS[fault])]
    return person_page(who, form=form)


def change_reach(who: int) -> ResponseReturnValue:
    here, reach = visit(), ReachForm(request.form)
    if not reach.validate():
        return person_page(who, reach=reach)
    with here.hotline.transaction() as tx:
        member = member_or_404(tx, who)
        fault = people.change_reach(
            here.hotline, tx, member, reach.values, version_seen(), here.actor
        )
    return _done(who) if fault is None else person_page(who, reach=reach, problem=fault)


def invite(who: int) -> ResponseReturnValue:
    """A new passphrase to begin with, shown this once; the one before is worth nothing."""
    here = visit()
    with here.hotline.transaction() as tx:
        member = member_or_404(tx, who)
        words = inviting.invite(here.hotline, tx, who, here.actor)
    return render_template("invited.html", who=who, name=member.name, words=words)


def ask_let_go(who: int) -> ResponseReturnValue:
    return _leaving_page(who)


def let_go(who: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        member_or_404(tx, who)
        fault = people.let_go(here.hotline, tx, who, here.actor)
    if fault is not None:
        return _leaving_page(who, say(PROBLEMS[fault])), 422
    here.hotline.ring({"alerts"})
    return redirect(url_for("desk.people"), 303)


def _leaving_page(who: int, problem: str | None = None) -> str:
    here = visit()
    with here.hotline.reading() as tx:
        member = member_or_404(tx, who)
        holds = letting_go.what_they_have(here.hotline, tx, member)
    return render_template("person_leaves.html", member=member, holds=holds, problem=problem)


def _done(who: int) -> ResponseReturnValue:
    visit().hotline.ring({"alerts"})
    return redirect(url_for("desk.person", who=who), 303)


def person_page(
    who: int,
    *,
    form: PersonForm | None = None,
    reach: ReachForm | None = None,
    code: CodeForm | None = None,
    problem: str | None = None,
) -> ResponseReturnValue:
    """The page as it is, or with a form that was not taken: then 422."""
    here = visit()
    with here.hotline.reading() as tx:
        member = member_or_404(tx, who)
        kept = {"name": member.name, "role": member.role, "language": member.language}
        page = render_template(
            "person.html",
            row=rows_of(tx, [member])[0],
            now=here.hotline.now(),
            form=form or PersonForm(data=kept),
            reach=reach or ReachForm(data=reach_as_kept(member)),
            code=code or CodeForm(),
            opened="form" if form else "reach" if reach else "",
            problem=say(PROBLEMS[problem]) if problem else None,
            edits=may(here.member, EDIT_PEOPLE),
            revokes=may(here.member, REVOKE),
            waits_for_code=is_code_open(here.hotline, tx, who),
        )
    is_wrong = bool(form or reach or code or problem)
    return page, 422 if is_wrong else 200


PAGES = (
    Page("/people/<int:who>", "person", show, SEE_PEOPLE),
    Page("/people/<int:who>/change", "change_person", change, EDIT_PEOPLE, POST, proves=True),
    Page("/people/<int:who>/reach", "change_reach", change_reach, EDIT_PEOPLE, POST),
    Page("/people/<int:who>/invite", "invite_person", invite, EDIT_PEOPLE, POST, proves=True),
    Page("/people/<int:who>/leaves", "ask_let_go", ask_let_go, EDIT_PEOPLE, proves=True),
    Page("/people/<int:who>/leaves", "let_go", let_go, EDIT_PEOPLE, POST, proves=True),
)
