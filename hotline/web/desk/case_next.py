"""What the page of a case says must be done next, to whoever can do it."""

from __future__ import annotations

from typing import Any

from hotline.core.next_action import Call, NextAction, next_action
from hotline.storage.case import CLAIMED
from hotline.web.desk.call_view import CallView
from hotline.web.desk.case_door import Door
from hotline.web.desk.need_to_know import READ_ANY_CASE, may
from hotline.web.desk.visit import Visit


def next_of(here: Visit, door: Door, around: Any, view: CallView | None) -> NextAction | None:
    """None for a case that nobody has or that is closed, and for who only reads it."""
    if view is None or door.case.state != CLAIMED or not door.changes:
        return None
    call = Call(view.rings_staff, view.under_way is not None, view.untold)
    return next_action(
        view.gate,
        call,
        around.what,
        around.due_at,
        here.hotline.now(),
        is_supervisor=may(here.member, READ_ANY_CASE),
    )
