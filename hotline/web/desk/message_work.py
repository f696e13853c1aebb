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

_STATUS = {SeenTo.NOT_YOURS: 409}


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
    valid = form.validate()
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        if valid:
            outcome = form.outcome.data
            came = messages.finish(here.hotline, tx, message, here.member.id, outcome)
    if not valid:
        return show_message(number, forms=Forms(done=form), status=422)
    return _after(number, came, Forms(done=form))


def open_case(number: int) -> ResponseReturnValue:
    here, form = visit(), CaseForm(request.form)
    valid, ref = form.validate(), None
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        if valid:
            kind, priority = form.kind.data, form.priority.data
            ref = message_cases.open_as_case(here.hotline, tx, message, here.member, kind, priority)
    if not valid:
        return show_message(number, forms=Forms(case=form), status=422)
    if ref is None:
        return _after(number, SeenTo.NOT_YOURS, Forms(case=form))
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
    valid = form.validate()
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        if valid:
            answer = form.answer.data
            came = message_replies.reply(here.hotline, tx, message, here.member.id, answer)
    if not valid:
        return show_message(number, forms=Forms(reply=form), status=422)
    here.hotline.ring({"replies"})
    return _after(number, came, Forms(reply=form))


def _after(number: int, came: SeenTo, forms: Forms) -> ResponseReturnValue:
    if came is SeenTo.DONE:
        return redirect(url_for("desk.message", number=number), 303)
    status = _STATUS.get(came, 422)
    return show_message(number, forms=forms, problem=say(WHY_NOT[came]), status=status)


PAGES = (
    Page("/messages/<int:number>/take", "take_message", take, WORK_CASES, POST),
    Page("/messages/<int:number>/give-back", "give_message_back", give_back, WORK_CASES, POST),
    Page("/messages/<int:number>/again", "take_message_again", take_again, WORK_CASES, POST),
    Page("/messages/<int:number>/done", "finish_message", finish, WORK_CASES, POST),
    Page("/messages/<int:number>/case", "message_case", open_case, WORK_CASES, POST),
    Page("/messages/<int:number>/add", "add_message_to_case", add_to_case, WORK_CASES, POST),
    Page("/messages/<int:number>/reply", "reply_to_message", reply, WORK_CASES, POST),
)
