"""Texts nobody understood: an editor sees words alone, and says what they mean from now on."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import keyword_additions, reviewing_texts
from hotline.core.keyword_overlay import Addition, with_additions
from hotline.reviewing_texts import (
    NO_TOPIC,
    SPELLING,
    UNDERSTOOD,
    Alike,
    one_group,
    open_texts,
    texts_waiting,
)
from hotline.storage.database import Transaction
from hotline.storage.keyword_addition import IN_FORCE, PENDING, additions_in
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import EDIT_WORDS, READ_TEXTS, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.spelling_form import SpellingForm
from hotline.web.desk.topic_words import how_in_words, refused, topic_in_words
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import Visit, visit

_VERDICT = _("It can be added. Today it means: %(today)s (%(how)s). Then it means: %(then)s.")


def show() -> ResponseReturnValue:
    """The newest texts that wait, alike ones together, the most frequent first."""
    here = visit()
    with here.hotline.transaction() as tx:
        opened = open_texts(here.hotline, tx, here.member.id, _before())
        added = additions_in(tx, PENDING, IN_FORCE, limit=100)
    queue = texts_waiting(here.hotline, opened)
    return render_template(
        "texts_not_understood.html",
        queue=queue,
        added=added,
        before=_before(),
        edits=may(here.member, EDIT_WORDS),
        now=here.hotline.now(),
        **_naming(here),
    )


def show_group(number: int) -> ResponseReturnValue:
    return _page(_group(visit(), number), SpellingForm(used="alone"))


def decide(number: int) -> ResponseReturnValue:
    """Check a spelling, or add it: then these texts leave the queue."""
    here, form = visit(), SpellingForm(request.form)
    valid, checks = form.validate(), "check" in request.form
    verdict: str | None = None
    group = _group(here, number)
    if valid and group is not None:
        with here.hotline.reading() if checks else here.hotline.transaction() as tx:
            verdict = _try(here, tx, form, group, checks=checks)
    if group is None or not valid or form.errors or verdict is not None:
        return _page(group, form, verdict, status=200 if verdict else 422)
    return redirect(url_for("desk.texts"), 303)


def _try(
    here: Visit, tx: Transaction, form: SpellingForm, group: Alike, *, checks: bool
) -> str | None:
    """What a check says; None once it was added, or with what is wrong beside the field."""
    hotline, addition = here.hotline, form.addition()
    if checks:
        refusal = keyword_additions.judge(hotline, tx, addition)
    else:
        refusal = keyword_additions.add(hotline, tx, addition, here.member.id)
    if refusal is not None:
        errors: Any = form.spelling
        errors.errors = [refused(here.language, refusal)]
        return None
    if checks:
        return _verdict(here, tx, addition)
    reviewing_texts.leave_queue(hotline, tx, group.ids, SPELLING, here.member.id)
    return None


def _verdict(here: Visit, tx: Transaction, addition: Addition) -> str:
    """What the matcher says of the spelling today, and what it would say with it."""
    today = keyword_additions.in_force(here.hotline, tx)
    match = today.match(addition.spelling)
    later = with_additions(today, (addition,)).match(addition.spelling)
    return say(
        _VERDICT,
        today=topic_in_words(here.language, match.topic),
        how=how_in_words(here.language, match.how),
        then=topic_in_words(here.language, later.topic or addition.topic),
    )


def set_aside(number: int) -> ResponseReturnValue:
    """These words mean none of the topics."""
    here = visit()
    group = _group(here, number)
    if group is None:
        return _page(None, SpellingForm())
    with here.hotline.transaction() as tx:
        reviewing_texts.leave_queue(here.hotline, tx, group.ids, NO_TOPIC, here.member.id)
    return redirect(url_for("desk.texts"), 303)


def alarm(number: int) -> ResponseReturnValue:
    """A child may be in danger: staff on duty are alerted, and the editor learns no number."""
    here = visit()
    group = _group(here, number)
    if group is None:
        return _page(None, SpellingForm())
    with here.hotline.transaction() as tx:
        count = reviewing_texts.alarm(here.hotline, tx, group, here.member.id)
    here.hotline.ring({"alerts"})
    return redirect(url_for("desk.texts", alerted=count), 303)


def clear_understood() -> ResponseReturnValue:
    """Texts that a spelling added since explains need nobody any more."""
    here = visit()
    with here.hotline.transaction() as tx:
        opened = open_texts(here.hotline, tx, here.member.id, _before())
    done = texts_waiting(here.hotline, opened).understood
    with here.hotline.transaction() as tx:
        reviewing_texts.leave_queue(here.hotline, tx, done, UNDERSTOOD, here.member.id)
    return redirect(url_for("desk.texts"), 303)


def _group(here: Visit, number: int) -> Alike | None:
    """None where this text waits no more."""
    with here.hotline.transaction() as tx:
        opened = open_texts(here.hotline, tx, here.member.id, number + 1)
    is_waiting = bool(opened.rows) and opened.rows[0].id == number
    return one_group(here.hotline, opened) if is_waiting else None


def _page(
    group: Alike | None, form: SpellingForm, verdict: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """One group; or that somebody else has decided about it, which is no fault of the reader."""
    here = visit()
    page = render_template(
        "text_group.html",
        group=group,
        form=form,
        verdict=verdict,
        edits=may(here.member, EDIT_WORDS),
        now=here.hotline.now(),
        **_naming(here),
    )
    return page, 404 if group is None else status


def _before() -> int | None:
    return number_of(request.values.get("before"), 15) or None


def _naming(here: Visit) -> dict[str, Any]:
    return {
        "topic": lambda code: topic_in_words(here.language, code),
        "how": lambda code: how_in_words(here.language, code),
    }


PAGES = (
    Page("/texts", "texts", show, READ_TEXTS, menu=_("Texts not understood")),
    Page("/texts/understood", "clear_understood", clear_understood, EDIT_WORDS, POST),
    Page("/texts/<int:number>", "text_group", show_group, READ_TEXTS),
    Page("/texts/<int:number>/spelling", "add_spelling", decide, EDIT_WORDS, POST),
    Page("/texts/<int:number>/no-topic", "no_topic", set_aside, EDIT_WORDS, POST),
    Page("/texts/<int:number>/danger", "danger_in_text", alarm, EDIT_WORDS, POST),
)
