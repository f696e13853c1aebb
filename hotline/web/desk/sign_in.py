"""The page where staff sign in, and the ways out: sign out, change the language."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline import signing_in
from hotline.signing_in import Refused, SignedIn
from hotline.storage.staff_member import set_language
from hotline.web.desk.case_address import address_of
from hotline.web.desk.form_token import form_token
from hotline.web.desk.languages import LANGUAGES
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import visit

TOKEN = "token"  # noqa: S105 - the name of a field, not a secret
AFTERWARDS = "afterwards"
_STATUS = {Refused.WRONG: 403, Refused.TOO_MANY: 429}


def show() -> ResponseReturnValue:
    if visit().someone is not None:
        return redirect(url_for("desk.open_cases"), 303)
    return render_template("sign_in.html", refused=None, name="")


def enter() -> ResponseReturnValue:
    name = request.form.get("name", "")
    came = signing_in.sign_in(
        visit().hotline, name, request.form.get("passphrase", ""), request.remote_addr or ""
    )
    if isinstance(came, Refused):
        page = render_template("sign_in.html", refused=came.value, name=name)
        return page, _STATUS[came]
    return _let_in(came)


def _let_in(came: SignedIn) -> ResponseReturnValue:
    afterwards = session.get(AFTERWARDS, "")
    session.clear()  # nothing from before the sign-in is worth anything after it
    session[TOKEN] = came.token
    form_token(visit().hotline)  # now, so that two first pages opened at once have the same
    if request.args.get("language") in LANGUAGES:
        _remember(came.member.id, request.args["language"])
    return redirect(address_of(afterwards), 303)


def leave() -> ResponseReturnValue:
    here = visit()
    signing_in.sign_out(here.hotline, session[TOKEN], here.member)
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
