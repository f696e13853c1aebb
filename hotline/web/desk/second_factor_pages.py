"""Second factors of one's own: an app, codes on paper. Keys have a page of their own."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline import second_factor, sessions
from hotline import second_factor_passkeys as passkeys
from hotline import second_factor_totp as totp
from hotline.core.door import Step
from hotline.second_factor import Added
from hotline.storage.database import Transaction
from hotline.web.desk.case_address import address_of
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.second_step import only_at
from hotline.web.desk.session_cookie import AFTERWARDS, renew_session
from hotline.web.desk.visit import Visit, visit

NEW_APP = "new_app"
"""In the cookie: which secret this browser has begun with."""


@only_at(Step.SET_UP)
def choose() -> ResponseReturnValue:
    """Where one has to be set up first. Later all of it is on one's account page."""
    here = visit()
    if not here.member.is_early:
        return redirect(url_for("desk.account"), 303)
    possible = passkeys.are_possible(here.hotline)
    return render_template("second_factor.html", passkeys_possible=possible)


@only_at(Step.SET_UP)
def begin_app() -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        session[NEW_APP] = totp.begin(here.hotline, tx, here.member.id)
    return redirect(url_for("desk.authenticator"), 303)


@only_at(Step.SET_UP)
def show_app() -> ResponseReturnValue:
    return _app_page(wrong=False)


@only_at(Step.SET_UP)
def confirm_app() -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        typed = request.form.get("code", "")
        added = second_factor.add_app(here.hotline, tx, here.member, typed, _mark())
        token = pass_on(here, tx) if added else None
    return show_added(added, token) if added else _app_page(wrong=True)


def remove_app() -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        second_factor.remove_app(here.hotline, tx, here.member)
    return redirect(url_for("desk.account"), 303)


def make_codes() -> ResponseReturnValue:
    """Shown in the answer itself, and nowhere again."""
    here = visit()
    with here.hotline.transaction() as tx:
        if not second_factor.factors_of(tx, here.member.id).any:
            return redirect(url_for("desk.account"), 303)
        codes = second_factor.new_codes(here.hotline, tx, here.member)
    return render_template("recovery_codes.html", codes=codes, back=url_for("desk.account"))


def pass_on(here: Visit, tx: Transaction) -> str | None:
    """At the door, setting up a second factor is as good as showing it."""
    return None if here.member.passed else sessions.pass_on(here.hotline, tx, here.member)


def show_added(added: Added, token: str | None) -> ResponseReturnValue:
    """The codes that were made with it, if any; else on with what was to be done."""
    back = url_for("desk.account")
    if token is not None:
        renew_session(visit().hotline, token)
        back = address_of(session.pop(AFTERWARDS, ""))
    if not added.new_codes:
        return redirect(back, 303)
    return render_template("recovery_codes.html", codes=added.new_codes, back=back)


def _mark() -> str:
    return str(session.get(NEW_APP, ""))


def _app_page(*, wrong: bool) -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        new = totp.being_set_up(here.hotline, tx, here.member.id, here.member.name, _mark())
    if new is None:
        return redirect(url_for("desk.second_factor"), 303)
    return render_template("authenticator.html", new=new, wrong=wrong), 422 if wrong else 200


PAGES = (
    Page("/second-factor", "second_factor", choose, ENTER, early=True),
    Page("/authenticator", "authenticator", show_app, ENTER, proves=True, early=True),
    Page(
        "/authenticator/new", "begin_authenticator", begin_app, ENTER, POST, proves=True, early=True
    ),
    Page("/authenticator", "add_authenticator", confirm_app, ENTER, POST, proves=True, early=True),
    Page("/authenticator/remove", "remove_authenticator", remove_app, ENTER, POST, proves=True),
    Page("/recovery-codes", "recovery_codes", make_codes, ENTER, POST, proves=True),
)
