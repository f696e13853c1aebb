"""A message that belongs to no case: for who took it and for supervisors. Opening it is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import callers_messages as messages
from hotline.message_replies import why_no_reply
from hotline.storage.caller_message import DONE, TAKEN, VOICE, get_message
from hotline.storage.database import Transaction
from hotline.storage.recording import FETCHED, GONE, get_recording
from hotline.web.desk.message_forms import CaseForm, DoneForm, ReplyForm
from hotline.web.desk.message_words import ENDINGS
from hotline.web.desk.need_to_know import READ_ANY_CASE, WORK_CASES, may
from hotline.web.desk.page import Page
from hotline.web.desk.visit import Visit, visit
from hotline.web.desk.voice_message import is_new_listening, sound_answer


@dataclass(slots=True)
class Forms:
    """Those of one page: what was typed is in the one that was sent."""

    done: DoneForm = field(default_factory=DoneForm)
    case: CaseForm = field(default_factory=CaseForm)
    reply: ReplyForm = field(default_factory=ReplyForm)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text or one sound of a caller."""

    message: Any
    words: str | None
    sound: str  # ready, expected, gone; "" for a text


def show(number: int) -> ResponseReturnValue:
    return show_message(number)


def show_message(
    number: int, *, forms: Forms | None = None, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page; of a message in a case only the way to the case."""
    here, now = visit(), visit().hotline.now()
    with here.hotline.transaction() as tx:
        message = message_or_404(tx, number)
        if message.case_id is not None:
            return redirect(url_for("desk.case", ref=message.ref), 303)
        opens = may_open(here, message)
        pieces = _pieces(here, tx, message) if opens else []
        reply = why_no_reply(here.hotline, tx, message) is None if opens else False
        theirs = [case.ref for case in messages.cases_of(tx, message)] if opens else []
    page = render_template(
        "one_message.html",
        message=message,
        opens=opens,
        is_mine=messages.is_with(message, here.member.id, now),
        is_free=message.state not in (TAKEN, DONE) or messages.has_lapsed(message, now),
        pieces=pieces,
        may_reply=reply,
        theirs=theirs,
        endings=ENDINGS,
        forms=forms or Forms(),
        problem=problem,
        now=now,
    )
    return page, status


def message_or_404(tx: Transaction, number: int) -> Any:
    return get_message(tx, number) or abort(404)


def open_or_404(tx: Transaction, here: Visit, number: int) -> Any:
    """The message, for who may open it. For others it looks as if there were none."""
    message = message_or_404(tx, number)
    return message if may_open(here, message) else abort(404)


def may_open(here: Visit, message: Any) -> bool:
    """Whoever took it, also after they put it aside, and those who answer for all."""
    if may(here.member, READ_ANY_CASE):
        return True
    if message.state == DONE:
        return bool(message.done_by == here.member.id)
    return messages.is_with(message, here.member.id, here.hotline.now())


def _pieces(here: Visit, tx: Transaction, message: Any) -> list[Piece]:
    together = messages.taken_together(tx, message)
    words = messages.read(here.hotline, tx, together, here.member.id)
    return [Piece(one, words.get(one.id), _sound_of(tx, one)) for one in together]


def _sound_of(tx: Transaction, message: Any) -> str:
    if message.kind != VOICE:
        return ""
    row = get_recording(tx, message.recording_id)
    states = {FETCHED: "ready", GONE: "gone"}
    return states.get(row.state, "expected") if row is not None else "gone"


def play(number: int) -> ResponseReturnValue:
    """The sound of a message without a case. In a case it is the case that says who may hear it."""
    here = visit()
    with here.hotline.transaction() as tx:
        message = open_or_404(tx, here, number)
        if message.kind != VOICE or message.case_id is not None:
            abort(404)
        row = get_recording(tx, message.recording_id)
        if row is None or row.state != FETCHED:
            abort(404)
        if request.method == "GET" and is_new_listening(f"message:{number}"):
            messages.note_heard(here.hotline, tx, message, here.member.id)
    return sound_answer(here.hotline, row)


PAGES = (
    Page("/messages/<int:number>", "message", show, WORK_CASES),
    Page("/messages/<int:number>/sound", "message_sound", play, WORK_CASES, proves=True),
)
