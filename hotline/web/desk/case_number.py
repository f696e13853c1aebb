"""The whole number, once, for who is about to ring it: a page that cannot be replayed."""

from __future__ import annotations

import hmac

from flask import abort, render_template, request, session
from flask.typing import ResponseReturnValue

from hotline import safe_calling
from hotline.parts import Hotline
from hotline.storage.case_view import newest_event_id
from hotline.web.desk.case_door import note, readable_or_404
from hotline.web.desk.case_seen import back_to
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.plan_words import as_dialled, plan_in_words
from hotline.web.desk.visit import visit

FIELD = "once"
_KEPT = 8
"""For how many cases, opened one after the other, the button still works."""


def one_use(hotline: Hotline, ref: str) -> str:
    """What the form of this case carries. The same until it was used, in every window."""
    known = session.get(FIELD)
    words: dict[str, str] = dict(known) if isinstance(known, dict) else {}
    if ref not in words:
        words[ref] = hotline.chance(16).hex()
        session[FIELD] = dict(list(words.items())[-_KEPT:])
    return words[ref]


def _use(ref: str) -> bool:
    """Whether the form was sent for the first time; a page out of the history was sent before."""
    known = session.get(FIELD)
    words: dict[str, str] = dict(known) if isinstance(known, dict) else {}
    ours, sent = words.pop(ref, ""), request.form.get(FIELD, "")
    if not ours or not hmac.compare_digest(ours.encode(), sent.encode("utf-8", "replace")):
        return False
    session[FIELD] = words
    return True


def show_number(ref: str) -> ResponseReturnValue:
    """A child, and whoever must not be called now, gets no link that a thumb could press."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        known = safe_calling.known_of(here.hotline, tx, case)
        if known is None or known.number is None:
            abort(404)
        if not _use(ref):
            return back_to(ref)
        note(tx, here, case, "show_number")
        newest = newest_event_id(tx, case.id)
        gate = safe_calling.gate(here.hotline, tx, case, known)
    plan = plan_in_words(case, known, here.language)
    return render_template(
        "case_number.html",
        case=case,
        plan=plan,
        newest=newest,
        number=known.number,
        number_as_dialled=as_dialled(known.number),
        gate=gate,
        may_dial=gate.allowed and not plan.is_child,
    )


PAGES = (Page("/cases/<ref>/number", "show_number", show_number, WORK_CASES, POST, proves=True),)
