"""The list of what callers spoke or wrote for a human. It names nobody and shows no word."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline.callers_messages import TAKEN_FOR, waiting_messages
from hotline.storage.caller_message import lately_done, not_done
from hotline.web.desk.languages import mark as _
from hotline.web.desk.list_pages import ROWS, mark_of, page_asked
from hotline.web.desk.message_words import ENDINGS
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import Page
from hotline.web.desk.visit import visit

_DONE_SHOWN = 10


def show() -> ResponseReturnValue:
    """Newest first, as what came last can still be answered; or oldest first."""
    here, after = visit(), page_asked()
    oldest, now = request.args.get("order") == "oldest", visit().hotline.now()
    with here.hotline.reading() as tx:
        rows = not_done(tx, after=after, oldest=oldest, limit=ROWS + 1)
        waiting = waiting_messages(tx, now)
        done = lately_done(tx, _DONE_SHOWN) if after is None else ()
    last = rows[ROWS - 1] if len(rows) > ROWS else None
    return render_template(
        "callers_messages.html",
        rows=rows[:ROWS],
        waiting=waiting,
        done=done,
        endings=ENDINGS,
        order="oldest" if oldest else "newest",
        further=mark_of(last.received_at, last.id) if last is not None else None,
        is_first=after is None,
        lapsed=now - TAKEN_FOR,
        now=now,
    )


PAGES = (Page("/messages", "messages", show, WORK_CASES, menu=_("Callers' messages")),)
