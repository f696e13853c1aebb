"""One's own account: what proves who one is, and where one is signed in."""

from __future__ import annotations

from flask import abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from hotline import inviting, second_factor, sessions
from hotline import second_factor_passkeys as passkeys
from hotline.web.desk.device import in_words as device_in_words
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.passphrase import SAVED
from hotline.web.desk.visit import visit


def show() -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        factors = second_factor.factors_of(tx, here.member.id)
        mine = sessions.going_on(here.hotline, tx, here.member.id)
    return render_template(
        "account.html",
        factors=factors,
        may_remove=second_factor.may_remove(here.hotline, factors),
        passkeys_possible=passkeys.are_possible(here.hotline),
        sessions=mine,
        device=lambda code: device_in_words(here.language, code),
        saved=session.pop(SAVED, False),
        now=here.hotline.now(),
    )


def end_one(place: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        if not sessions.end_one(here.hotline, tx, here.member, place):
            abort(404)
    return redirect(url_for("desk.account"), 303)


def end_all() -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        inviting.revoke_sessions(here.hotline, tx, here.member.id, here.actor)
    session.clear()
    return redirect(url_for("desk.sign_in", language=here.language), 303)


PAGES = (
    Page("/account", "account", show, ENTER, menu=_("Your account")),
    Page("/sessions/<int:place>/end", "end_session", end_one, ENTER, POST),
    Page("/sessions/end", "end_sessions", end_all, ENTER, POST),
)
