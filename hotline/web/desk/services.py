"""One service: read it, put it in, change it, say that it was checked, take it out of use."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from hotline import audit, directory
from hotline.core.local_time import day_at
from hotline.storage import directory as table
from hotline.storage.database import Transaction
from hotline.web.desk.case_seen import version_seen
from hotline.web.desk.forms import DeskForm, Needed, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import EDIT_REFERRALS, SEE_REFERRALS, may
from hotline.web.desk.page import GET, POST, Page
from hotline.web.desk.place_field import to_choose_from
from hotline.web.desk.referrals import listed
from hotline.web.desk.service_form import ServiceForm, kept_in_form
from hotline.web.desk.visit import Visit, visit

_CHANGED = _(
    "Somebody changed this service meanwhile. Nothing is lost: what you wrote is still here."
    " Look at it again, then press the button once more."
)


class CheckForm(DeskForm):
    spoken_to = StringField(_("Who you spoke to"), [Needed(), at_most(120)], **tidy())


def show(number: int) -> ResponseReturnValue:
    return _page(number, CheckForm())


def _page(number: int, check: CheckForm, problem: str | None = None) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        row = _opened(tx, here, number)
    with here.hotline.reading() as tx:
        page = render_template(
            "service.html",
            service=listed(here, tx, [row])[0],
            row=row,
            entrusted=directory.entrusted_of(here.hotline, row),
            checks=[
                (one, directory.spoken_to(here.hotline, one.spoken_to_sealed))
                for one in table.checks_of(tx, row.id)
            ],
            edits=may(here.member, EDIT_REFERRALS),
            check=check,
            problem=problem,
        )
    return page, 422 if check.errors else 409 if problem else 200


def _opened(tx: Transaction, here: Visit, number: int) -> Any:
    """The service with the people we know there; that somebody read of them is noted."""
    row = service_or_404(tx, number)
    actor, now = here.actor, here.hotline.now()
    audit.note(tx, now, actor, "read_service", f"service:{row.id}", "contact,agreement,notes")
    return row


def service_or_404(tx: Transaction, number: int) -> Any:
    row = table.get_service(tx, number)
    return row if row is not None else abort(404)


def add() -> ResponseReturnValue:
    """A new service."""
    here = visit()
    form = ServiceForm(request.form, here.language, day_at(here.hotline.now()))
    if request.method == "POST" and form.validate():
        with here.hotline.transaction() as tx:
            number = directory.put_in(here.hotline, tx, form.service(), here.member.id)
        return redirect(url_for("desk.service", number=number), 303)
    return _form(here, form)


def edit(number: int) -> ResponseReturnValue:
    """Change it, unless somebody was quicker: then what is there now is a link away."""
    here = visit()
    with here.hotline.transaction() as tx:
        row = _opened(tx, here, number)
        kept = kept_in_form(
            row,
            table.categories_of(tx, [row.id]).get(row.id, []),
            directory.entrusted_of(here.hotline, row),
            here.language,
        )
    is_sent = request.method == "POST"
    form = ServiceForm(
        request.form, here.language, day_at(here.hotline.now()), **({} if is_sent else kept)
    )
    if is_sent and form.validate():
        with here.hotline.transaction() as tx:
            done = directory.change(
                here.hotline, tx, row.id, form.service(), version_seen(), here.member.id
            )
        if done:
            return redirect(url_for("desk.service", number=row.id), 303)
        return _form(here, form, row, say(_CHANGED))
    return _form(here, form, row)


def _form(
    here: Visit, form: ServiceForm, row: Any | None = None, problem: str | None = None
) -> ResponseReturnValue:
    among = to_choose_from(form.read, here.language)
    page = render_template("service_form.html", form=form, row=row, among=among, problem=problem)
    return page, 409 if problem else 422 if form.errors else 200


def check(number: int) -> ResponseReturnValue:
    """Checked today, and who was spoken to."""
    here, form = visit(), CheckForm(request.form)
    if not form.validate():
        return _page(number, form)
    with here.hotline.transaction() as tx:
        row = service_or_404(tx, number)
        directory.note_check(here.hotline, tx, row.id, form.spoken_to.data or "", here.member.id)
    return redirect(url_for("desk.service", number=number), 303)


def retire(number: int) -> ResponseReturnValue:
    """Out of use, or in use again."""
    here, is_active = visit(), request.form.get("act") == "restore"
    with here.hotline.transaction() as tx:
        row = service_or_404(tx, number)
        done = directory.retire(
            here.hotline, tx, row.id, version_seen(), here.member.id, is_active=is_active
        )
    if not done:
        return _page(number, CheckForm(), say(_CHANGED))
    return redirect(url_for("desk.service", number=number), 303)


_BOTH = (*GET, *POST)
PAGES = (
    Page("/referrals/new", "add_service", add, EDIT_REFERRALS, _BOTH),
    Page("/referrals/<int:number>", "service", show, SEE_REFERRALS),
    Page("/referrals/<int:number>/edit", "edit_service", edit, EDIT_REFERRALS, _BOTH),
    Page("/referrals/<int:number>/checked", "check_service", check, EDIT_REFERRALS, POST),
    Page("/referrals/<int:number>/use", "retire_service", retire, EDIT_REFERRALS, POST),
)
