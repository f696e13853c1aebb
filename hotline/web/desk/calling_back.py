"""Calling a caller through the line from the desk: whoever presses the button is rung first."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from hotline import calling_back
from hotline.core.safe_call import ALREADY_CALLING
from hotline.web.desk.case import Problem, readable_or_404, show_case
from hotline.web.desk.case_address import address_of
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import visit

LONGEST_REASON = 1000


def ring(ref: str) -> ResponseReturnValue:
    """Ring the phone of whoever pressed the button; where the gate is shut, say so."""
    here, problem = visit(), None
    typed = request.form.get("reason", "").strip()
    reason = "".join(sign for sign in typed if sign >= " " or sign in "\n\t")[:LONGEST_REASON]
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        shut = calling_back.ring_staff(here.hotline, tx, case, here.member, reason or None)
    if shut is None:
        here.hotline.ring({"alerts"})
    elif shut.why != ALREADY_CALLING:  # pressed twice: the page shows that it rings
        asks = "override" in request.form and shut.may_be_overridden_by(here.member.role)
        code = "write_something" if asks else shut.why
        problem = Problem("call", code, 422 if asks else 409, {"reason": typed})
    return show_case(ref, problem=problem) if problem else redirect(address_of(ref), 303)


PAGES = (Page("/cases/<ref>/call", "call_back", ring, WORK_CASES, POST),)
