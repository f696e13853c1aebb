"""After the passphrase: the second factor is shown, or what is missing is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline import proving, second_factor, sessions
from hotline import second_factor_passkeys as passkeys
from hotline.core.door import Step
from hotline.proving import Proved, Refused
from hotline.web.desk.case_address import address_of
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.session_cookie import AFTERWARDS, renew_session
from hotline.web.desk.visit import visit

_STATUS = {Refused.TOO_MANY: 429}
_PAGE_OF = {Step.REPLACE: "desk.passphrase", Step.SET_UP: "desk.second_factor"}

P = ParamSpec("P")


def step_now() -> Step | None:
    """What is still asked of whoever is here; None: nothing."""
    here = visit()
    if not here.member.is_early:
        return None
    with here.hotline.reading() as tx:
        return proving.step_of(here.hotline, tx, here.member)


def only_at(
    step: Step,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """A page open before the desk is: at this step, and to who is in already."""

    def mark(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if visit().member.is_early and step_now() is not step:
                return redirect(url_for("desk.second_step"), 303)
            return view(*args, **kwargs)

        return guarded

    return mark


def show() -> ResponseReturnValue:
    here, step = visit(), step_now()
    if step is Step.SHOW:
        return _page(None)
    if step is not None:
        return redirect(url_for(_PAGE_OF[step]), 303)
    if not here.member.passed:  # nothing is asked any more, such as after a change of the settings
        with here.hotline.transaction() as tx:
            token = sessions.pass_on(here.hotline, tx, here.member)
        if token is not None:
            renew_session(here.hotline, token)
    return go_on()


def by_code() -> ResponseReturnValue:
    here = visit()
    if step_now() is not Step.SHOW:
        return go_on()
    return _after(proving.by_code(here.hotline, here.asked, request.form.get("code", "")))


def by_passkey() -> ResponseReturnValue:
    here = visit()
    if step_now() is not Step.SHOW:
        return go_on()
    return _after(proving.by_passkey(here.hotline, here.asked, request.form.get("answer", "")))


def go_on() -> ResponseReturnValue:
    """To where they wanted to go; the guard stops them on the way if more is asked."""
    return redirect(address_of(session.pop(AFTERWARDS, "")), 303)


def _after(outcome: Proved | Refused) -> ResponseReturnValue:
    if isinstance(outcome, Refused):
        return _page(outcome), _STATUS.get(outcome, 422)
    if outcome.token is not None:
        renew_session(visit().hotline, outcome.token)
    if visit().member.must_replace:
        return redirect(url_for("desk.passphrase"), 303)
    return go_on()


def _page(refused: Refused | None) -> str:
    here = visit()
    with here.hotline.transaction() as tx:
        factors = second_factor.factors_of(tx, here.member.id)
        challenge = passkeys.ask_to_prove(here.hotline, tx, here.member)
    return render_template(
        "second_step.html", refused=refused, factors=factors, challenge=challenge
    )


PAGES = (
    Page("/second-step", "second_step", show, ENTER, early=True),
    Page("/second-step/code", "second_step_code", by_code, ENTER, POST, early=True),
    Page("/second-step/passkey", "second_step_passkey", by_passkey, ENTER, POST, early=True),
)
