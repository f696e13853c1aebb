"""The next date of a case, as staff set it: who has the case is reminded then, and others later."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline import audit
from hotline.core.next_date import Fit, fit_of
from hotline.core.safe_call import stands_against
from hotline.parts import Hotline
from hotline.storage.case import add_event, change_if_version
from hotline.storage.database import Transaction
from hotline.storage.follow_up import (
    CALL_AGAIN,
    FOLLOW_UP,
    SUPERVISOR_DECIDES,
    get_follow_up,
    look_for_word,
    set_follow_up,
)
from hotline.told import Told, box_of, open_told


class Dating(StrEnum):
    """What came of setting a date."""

    SET = "set"
    PAST = "past"
    TOO_FAR = "too_far"
    UNSAFE_TIME = "unsafe_time"
    NO_ATTEMPT_YET = "no_attempt_yet"
    SUPERVISOR_DECIDES = "supervisor_decides"
    CHANGED_MEANWHILE = "changed_meanwhile"


def set_date(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member: Any,
    *,
    at: datetime,
    reason: str,
    version: int,
    is_meant: bool,
) -> Dating:
    """Nobody is reminded of this case before `at`. `is_meant`: also outside the safe hours."""
    now, box = hotline.now(), box_of(hotline, tx, case.id)
    told = open_told(box, case)
    forbids = stands_against(told.plan, case.flags) is not None
    refused = may_set(tx, case, member.role, forbids=forbids)
    if refused is None:
        refused = _unfit(case, told, at, now, is_meant=is_meant)
    if refused is not None:
        return refused
    if not change_if_version(tx, case.id, version):
        return Dating.CHANGED_MEANWHILE
    what = FOLLOW_UP if forbids else CALL_AGAIN
    set_follow_up(tx, case.id, what, at, box.encrypt(reason.encode(), "follow_up"))
    look_for_word(tx, case.id, now)
    said = box.encrypt(reason.encode(), "event")
    add_event(tx, case.id, "date_set", now, staff_id=member.id, text_sealed=said)
    audit.note(tx, now, f"staff:{member.id}", "set_date", f"case:{case.ref}", f"{what} reason")
    return Dating.SET


def may_set(tx: Transaction, case: Any, role: str, *, forbids: bool) -> Dating | None:
    """Why this person may set no date now; None: they may.

    A date silences the reminders until then. So it comes after the first call, unless no call may
    be made at all; and where a supervisor must decide, it is the supervisor who sets it.
    """
    row = get_follow_up(tx, case.id)
    is_decided_above = row is not None and row.ended_at is None and row.what == SUPERVISOR_DECIDES
    if role == "supervisor":
        return None
    if is_decided_above or forbids:
        return Dating.SUPERVISOR_DECIDES
    return Dating.NO_ATTEMPT_YET if case.first_attempt_at is None else None


def _unfit(case: Any, told: Told, at: datetime, now: datetime, *, is_meant: bool) -> Dating | None:
    fit = fit_of(at, now, told.plan, told.notes, case.flags, case.priority)
    if fit is Fit.FITS or (fit is Fit.UNSAFE_TIME and is_meant):
        return None
    return Dating(fit.value)
