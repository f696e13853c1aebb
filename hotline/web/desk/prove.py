"""Asked again who one is, before a number is shown, a sound is heard or a list leaves the house."""

from __future__ import annotations

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from hotline import proving, second_factor
from hotline import second_factor_passkeys as passkeys
from hotline.proving import Proved, Refused
from hotline.web.desk.case_address import address_of
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.own_place import PLACE, take_place
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import visit


def show() -> ResponseReturnValue:
    """`?back=K7M4Q`: from a link on that case, or on a page that case_address knows by name."""
    if "back" in request.args:
        session[PLACE] = address_of(request.args["back"])
    return _page(None, "")


def by_passphrase() -> ResponseReturnValue:
    here, words = visit(), request.form.get("passphrase", "")
    return _after(proving.by_passphrase(here.hotline, here.asked, words), "passphrase")


def by_code() -> ResponseReturnValue:
    here, code = visit(), request.form.get("code", "")
    return _after(proving.by_code(here.hotline, here.asked, code), "code")


def by_passkey() -> ResponseReturnValue:
    here, answer = visit(), request.form.get("answer", "")
    return _after(proving.by_passkey(here.hotline, here.asked, answer), "passkey")


def _after(outcome: Proved | Refused, form: str) -> ResponseReturnValue:
    if isinstance(outcome, Refused):
        return _page(outcome, form), 429 if outcome is Refused.TOO_MANY else 422
    return redirect(take_place(), 303)


def _page(refused: Refused | None, form: str) -> str:
    here = visit()
    with here.hotline.transaction() as tx:
        factors = second_factor.factors_of(tx, here.member.id)
        challenge = passkeys.ask_to_prove(here.hotline, tx, here.member)
    return render_template(
        "prove.html", refused=refused, form=form, factors=factors, challenge=challenge
    )


PAGES = (
    Page("/prove", "prove", show, ENTER),
    Page("/prove/passphrase", "prove_passphrase", by_passphrase, ENTER, POST),
    Page("/prove/code", "prove_code", by_code, ENTER, POST),
    Page("/prove/passkey", "prove_passkey", by_passkey, ENTER, POST),
)
