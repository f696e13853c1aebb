"""A staff phone: verified by a code, by its owner or with who keeps the people; or lost."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import letting_go, verifying
from hotline.storage.staff_member import get_staff
from hotline.verifying import Verified
from hotline.web.desk.forms import say
from hotline.web.desk.need_to_know import ENTER, REVOKE
from hotline.web.desk.page import POST, Page
from hotline.web.desk.people import rows_of
from hotline.web.desk.people_forms import CodeForm
from hotline.web.desk.people_words import PROBLEMS
from hotline.web.desk.person import member_or_404, person_page
from hotline.web.desk.visit import visit

TOO_MANY = "too_many_codes"


# ---------------------------------------------------------------- one's own


def show_own() -> ResponseReturnValue:
    return _own_page()


def send_own() -> ResponseReturnValue:
    problem = _send(visit().member.id)
    return redirect(url_for("desk.own_phone"), 303) if problem is None else _own_page(problem)


def verify_own() -> ResponseReturnValue:
    form = CodeForm(request.form)
    if _is_verified(visit().member.id, form):
        return redirect(url_for("desk.own_phone"), 303)
    return _own_page(form=form)


def _own_page(problem: str | None = None, form: CodeForm | None = None) -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        page = render_template(
            "own_phone.html",
            row=rows_of(tx, [get_staff(tx, here.member.id)])[0],
            code=form or CodeForm(),
            problem=say(PROBLEMS[problem]) if problem else None,
            waits_for_code=verifying.is_code_open(here.hotline, tx, here.member.id),
        )
    return page, 422 if problem or form else 200


# ---------------------------------------------------------------- of others


def send(who: int) -> ResponseReturnValue:
    problem = _send(who)
    if problem is not None:
        return person_page(who, problem=problem)
    return redirect(url_for("desk.person", who=who), 303)


def verify(who: int) -> ResponseReturnValue:
    """The person reads the code out, and who keeps the people types it."""
    form = CodeForm(request.form)
    if _is_verified(who, form):
        return redirect(url_for("desk.person", who=who), 303)
    return person_page(who, code=form)


def ask_lost(who: int) -> ResponseReturnValue:
    """What will happen, before it does."""
    here = visit()
    with here.hotline.reading() as tx:
        member = member_or_404(tx, who)
        holds = letting_go.what_they_have(here.hotline, tx, member)
    return render_template("phone_lost.html", member=member, holds=holds)


def lose(who: int) -> ResponseReturnValue:
    """One click, one transaction: the phone opens nothing any more."""
    here = visit()
    with here.hotline.transaction() as tx:
        member_or_404(tx, who)
        letting_go.revoke_phone(here.hotline, tx, who, here.actor)
    here.hotline.ring({"alerts"})
    if who == here.member.id:
        return redirect(url_for("desk.sign_in"), 303)
    return redirect(url_for("desk.person", who=who), 303)


def _send(who: int) -> str | None:
    here = visit()
    with here.hotline.transaction() as tx:
        member_or_404(tx, who)
        is_sent = verifying.send_code(here.hotline, tx, who, here.actor)
    if is_sent:
        here.hotline.ring({"alerts"})
    return None if is_sent else TOO_MANY


def _is_verified(who: int, form: CodeForm) -> bool:
    """Whether the code was right; else what is wrong stands beside its field."""
    here = visit()
    if not form.validate():
        return False
    with here.hotline.transaction() as tx:
        member_or_404(tx, who)
        came = verifying.check_code(here.hotline, tx, who, str(form.code.data), here.actor)
    if came is not Verified.VERIFIED:
        form.code.errors = [say(PROBLEMS[came])]
    return came is Verified.VERIFIED


PAGES = (
    Page("/phone", "own_phone", show_own, ENTER),
    Page("/phone/code", "send_own_code", send_own, ENTER, POST),
    Page("/phone/verify", "verify_own_phone", verify_own, ENTER, POST),
    Page("/people/<int:who>/code", "send_code", send, REVOKE, POST),
    Page("/people/<int:who>/verify", "verify_phone", verify, REVOKE, POST),
    Page("/people/<int:who>/lost", "ask_lost", ask_lost, REVOKE),
    Page("/people/<int:who>/lost", "lose_phone", lose, REVOKE, POST),
)
