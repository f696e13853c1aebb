"""Passkeys and security keys of one's own: register, name, remove."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField

from hotline import second_factor
from hotline import second_factor_passkeys as passkeys
from hotline.core.door import Step
from hotline.web.desk.forms import DeskForm, Needed, at_most, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.second_factor_pages import pass_on, show_added
from hotline.web.desk.second_step import only_at
from hotline.web.desk.visit import visit


class KeyForm(DeskForm):
    """`answer` is filled in by the script, with what the key said."""

    name = StringField(_("Name of the key"), [Needed(), at_most(passkeys.LONGEST_NAME)], **tidy())
    answer = HiddenField()


@only_at(Step.SET_UP)
def show() -> ResponseReturnValue:
    return _page(KeyForm(), refused=False)


@only_at(Step.SET_UP)
def add() -> ResponseReturnValue:
    here, form = visit(), KeyForm(request.form)
    if not passkeys.are_possible(here.hotline) or not form.validate():
        return _page(form, refused=False), 422
    answer, name = form.answer.data or "", form.name.data or ""
    with here.hotline.transaction() as tx:
        added = second_factor.add_passkey(here.hotline, tx, here.member, answer, name)
        token = pass_on(here, tx) if added else None
    return show_added(added, token) if added else (_page(form, refused=True), 422)


def remove(place: int) -> ResponseReturnValue:
    """Not theirs, or the last one that must stay: the list shows it still."""
    here = visit()
    with here.hotline.transaction() as tx:
        mine = {key.id for key in passkeys.keys_of(tx, here.member.id)}
        if place not in mine:
            abort(404)
        second_factor.remove_passkey(here.hotline, tx, here.member, place)
    return redirect(url_for("desk.account"), 303)


def _page(form: KeyForm, *, refused: bool) -> str:
    here = visit()
    with here.hotline.transaction() as tx:
        possible = passkeys.are_possible(here.hotline)
        challenge = passkeys.ask_to_register(here.hotline, tx, here.member) if possible else None
    return render_template("passkeys.html", form=form, refused=refused, challenge=challenge)


PAGES = (
    Page("/passkeys", "passkeys", show, ENTER, proves=True, early=True),
    Page("/passkeys", "add_passkey", add, ENTER, POST, proves=True, early=True),
    Page("/passkeys/<int:place>/remove", "remove_passkey", remove, ENTER, POST, proves=True),
)
