"""Opening the case of a colleague for an hour, with a reason that others can read."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from hotline import opening_cases
from hotline.opening_cases import SHORTEST_REASON
from hotline.storage.case import case_key
from hotline.web.desk.case import Problem, show_case
from hotline.web.desk.case_address import address_of
from hotline.web.desk.case_door import door_of
from hotline.web.desk.case_seen import LONGEST_REASON
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.typed_words import typed
from hotline.web.desk.visit import visit


def open_with_reason(ref: str) -> ResponseReturnValue:
    here, words, problem = visit(), typed("reason"), None
    if len("".join(words.split())) < SHORTEST_REASON:
        problem = Problem("open", "too_short", 422, dict(request.form))
    elif len(words) > LONGEST_REASON:
        problem = Problem("open", "too_long", 422, dict(request.form))
    with here.hotline.transaction() as tx:
        door = door_of(tx, here, ref)
        if door.may_open and problem is None and case_key(tx, door.case.id) is not None:
            opening_cases.open_with_reason(here.hotline, tx, door.case, here.member, words)
    if problem is not None and door.may_open:
        return show_case(ref, problem=problem)
    here.hotline.ring({"alerts"})
    return redirect(address_of(ref), 303)


PAGES = (Page("/cases/<ref>/open", "open_with_reason", open_with_reason, WORK_CASES, POST),)
