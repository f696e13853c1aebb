"""Spellings that the desk added: a second person agrees, anybody withdraws at once."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hotline import keyword_additions
from hotline.keyword_additions import Approving
from hotline.storage.keyword_addition import IN_FORCE, PENDING, additions_in
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import EDIT_WORDS, READ_TEXTS, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.topic_words import topic_in_words
from hotline.web.desk.visit import visit

_REFUSALS = {
    Approving.BY_THE_SAME_PERSON: _("You added it yourself: somebody else has to agree."),
    Approving.NOT_THERE: _("Somebody has decided about it meanwhile."),
    Approving.COLLIDES: _("Something else was added meanwhile that it collides with."),
}


def show() -> ResponseReturnValue:
    return _show()


def _show(problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        rows = additions_in(tx, PENDING, IN_FORCE)
    page = render_template(
        "spellings.html",
        pending=[row for row in rows if row.state == PENDING],
        in_force=[row for row in rows if row.state == IN_FORCE],
        problem=problem,
        edits=may(here.member, EDIT_WORDS),
        topic=lambda code: topic_in_words(here.language, code),
        now=here.hotline.now(),
    )
    return page, status


def approve(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        came = keyword_additions.approve(here.hotline, tx, number, here.member.id)
    return _after(came)


def withdraw(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        came = keyword_additions.withdraw(here.hotline, tx, number, here.member.id)
    return _after(came)


def _after(came: Approving) -> ResponseReturnValue:
    if came is Approving.DONE:
        return redirect(url_for("desk.spellings"), 303)
    return _show(say(_REFUSALS[came]), 409 if came is Approving.NOT_THERE else 422)


PAGES = (
    Page("/spellings", "spellings", show, READ_TEXTS),
    Page("/spellings/<int:number>/approve", "approve_spelling", approve, EDIT_WORDS, POST),
    Page("/spellings/<int:number>/withdraw", "withdraw_spelling", withdraw, EDIT_WORDS, POST),
)
