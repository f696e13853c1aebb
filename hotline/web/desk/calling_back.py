"""Calling a caller through the line from the desk: whoever presses the button is rung first."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from hotline import calling_back
from hotline.core.safe_call import ALREADY_CALLING
from hotline.web.desk.case import Problem, show_case
from hotline.web.desk.case_door import changeable_or_404
from hotline.web.desk.case_lost import words_back
from hotline.web.desk.case_seen import LONGEST_REASON, back_to
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.typed_words import typed
from hotline.web.desk.visit import visit


def ring(ref: str) -> ResponseReturnValue:
    """Ring the phone of whoever pressed the button; where the gate is shut, say so."""
    here, problem = visit(), None
    words = typed("reason")
    reason = words if len(words) <= LONGEST_REASON else None
    with here.hotline.transaction() as tx:
        case = changeable_or_404(tx, here, ref)
        shut = calling_back.ring_staff(here.hotline, tx, case, here.member, reason or None)
        if shut is not None and shut.why != ALREADY_CALLING:  # else the page shows that it rings
            asks = "override" in request.form and shut.may_be_overridden_by(here.member.role)
            if words and not asks:  # the page has no field for them any more
                return words_back(tx, here, case)
            wrong = "write_something" if reason is not None else "too_long"
            code = wrong if asks else shut.why
            problem = Problem("call", code, 422 if asks else 409, {"reason": words})
    if shut is None:
        here.hotline.ring({"alerts"})
    return show_case(ref, problem=problem) if problem else back_to(ref)


PAGES = (Page("/cases/<ref>/call", "call_back", ring, WORK_CASES, POST),)
