"""What staff do with a caller's message: take it, put it aside, make a case of it, reply."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline import callers_messages as messages
from hotline import message_cases, message_replies
from hotline.callers_messages import SeenTo
from hotline.web.desk.case_address import address_of
from hotline.web.desk.forms import say
from hotline.web.desk.message_forms import CaseForm, DoneForm, ReplyForm
from hotline.web.desk.message_words import WHY_NOT
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.one_message import Forms, message_or_404, open_or_404, show_message
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import visit


def take(number: int) -> ResponseReturnValue:
    """The first one wins; the page then shows who that was."""
    here = visit()
    with here.hotline.transaction() as tx:
        message = message_or_404(tx, number)
        if message.case_id is None:
            messages.take(here.hotline, tx, message, here.member.id)
    return redirect(url_for("desk.message", number=number), 303)


def give_back(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        message = message_or_404(tx, number)
        messages.give_back(here.hotline, tx, message, here.member.id)
    return redirect(url_for("desk.messages"), 303)


def take_again(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        messages.take_again(here.hotline, tx, message, here.member.id)
    return redirect(url_for("desk.message", number=number), 303)


def finish(number: int) -> ResponseReturnValue:
    here, form = visit(), DoneForm(request.form)
    outcome = form.outcome.data if form.validate() else None
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        came = outcome and messages.finish(here.hotline, tx, message, here.member.id, outcome)
    return _after(number, came, Forms(done=form))


def open_case(number: int) -> ResponseReturnValue:
    here, form = visit(), CaseForm(request.form)
    valid, ref = form.validate(), None
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        if valid:
            kind, priority = form.kind.data, form.priority.data
            ref = message_cases.open_as_case(here.hotline, tx, message, here.member, kind, priority)
    if ref is None:
        return _after(number, SeenTo.NOT_YOURS if valid else None, Forms(case=form))
    here.hotline.ring({"alerts"})
    return redirect(address_of(ref), 303)


def add_to_case(number: int) -> ResponseReturnValue:
    """Into one of the caller's own open cases; any other reference is refused."""
    here, ref = visit(), request.form.get("ref", "")
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        came = message_cases.add_to_case(here.hotline, tx, message, here.member.id, ref)
    return _after(number, came, Forms())


def reply(number: int) -> ResponseReturnValue:
    here, form = visit(), ReplyForm(request.form)
    answer = form.answer.data if form.validate() else None
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        came = answer and message_replies.reply(here.hotline, tx, message, here.member.id, answer)
    here.hotline.ring({"replies"})
    return _after(number, came, Forms(reply=form))


def _after(number: int, came: SeenTo | None, forms: Forms) -> ResponseReturnValue:
    """`came` None: something is missing in a form, which says so beside its field."""
    if came is SeenTo.DONE:
        return redirect(url_for("desk.message", number=number), 303)
    problem = say(WHY_NOT[came]) if came else None
    status = 409 if came is SeenTo.NOT_YOURS else 422
    return show_message(number, forms=forms, problem=problem, status=status)


PAGES = (
    Page("/messages/<int:number>/take", "take_message", take, WORK_CASES, POST),
    Page("/messages/<int:number>/give-back", "give_message_back", give_back, WORK_CASES, POST),
    Page("/messages/<int:number>/again", "take_message_again", take_again, WORK_CASES, POST),
    Page("/messages/<int:number>/done", "finish_message", finish, WORK_CASES, POST),
    Page("/messages/<int:number>/case", "message_case", open_case, WORK_CASES, POST),
    Page("/messages/<int:number>/add", "add_message_to_case", add_to_case, WORK_CASES, POST),
    Page("/messages/<int:number>/reply", "reply_to_message", reply, WORK_CASES, POST),
)
