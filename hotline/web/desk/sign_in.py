"""The page where staff sign in, and the ways out: sign out, change the language."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline import sessions, signing_in
from hotline.proving import Refused
from hotline.signing_in import SignedIn
from hotline.storage.staff_member import set_language
from hotline.web.desk.case_address import address_of
from hotline.web.desk.device import device_of
from hotline.web.desk.languages import LANGUAGES
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.session_cookie import AFTERWARDS, TOKEN, renew_session
from hotline.web.desk.visit import address_asking, visit

_STATUS = {Refused.TOO_MANY: 429}


def show() -> ResponseReturnValue:
    if visit().someone is not None:
        return redirect(url_for("desk.open_cases"), 303)
    return _page(None, "")


def enter() -> ResponseReturnValue:
    name = request.form.get("name", "")
    came = signing_in.sign_in(
        visit().hotline,
        name,
        request.form.get("passphrase", ""),
        address_asking(),
        device_of(request.headers.get("User-Agent", "")),
    )
    if isinstance(came, Refused):
        return _page(came, name), _STATUS.get(came, 403)
    return _let_in(came)


def _page(refused: Refused | None, name: str) -> str:
    minutes = visit().hotline.settings.desk_idle_minutes
    return render_template("sign_in.html", refused=refused, name=name, minutes=minutes)


def _let_in(came: SignedIn) -> ResponseReturnValue:
    renew_session(visit().hotline, came.token)
    if request.args.get("language") in LANGUAGES:
        _remember(came.member.id, request.args["language"])
    if came.member.is_early:
        return redirect(url_for("desk.second_step"), 303)
    return redirect(address_of(session.pop(AFTERWARDS, "")), 303)


def leave() -> ResponseReturnValue:
    here = visit()
    sessions.sign_out(here.hotline, session[TOKEN], here.member)
    session.clear()
    return redirect(url_for("desk.sign_in", language=here.language), 303)


def choose_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language in LANGUAGES:
        _remember(visit().member.id, language)
    return redirect(address_of(request.form.get("back", "")), 303)


def _remember(staff_id: int, language: str) -> None:
    with visit().hotline.transaction() as tx:
        set_language(tx, staff_id, language)


PAGES = (
    Page("/sign-in", "sign_in", show, None),
    Page("/sign-in", "enter", enter, None, POST),
    Page("/sign-out", "sign_out", leave, ENTER, POST, early=True),
    Page("/language", "choose_language", choose_language, ENTER, POST, early=True),
)
