"""Who may read a case, who may change it, and the line in the audit chain that says they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from flask import abort, request

from hotline import audit, opening_cases
from hotline.storage.case import CLOSED, OPEN, case_key
from hotline.storage.case_access import has_opened
from hotline.storage.case_view import has_had
from hotline.storage.database import Transaction
from hotline.web.desk.case_address import case_or_404
from hotline.web.desk.case_lost import words_back
from hotline.web.desk.need_to_know import WORK_CASES, may, may_read
from hotline.web.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class Door:
    """What this visitor may do with the case.

    `open_until`: they read it for a written reason, until then. `may_open`: they could give one.
    """

    case: Any
    reads: bool
    changes: bool
    may_open: bool = False
    open_until: datetime | None = None


def door_of(tx: Transaction, here: Visit, ref: str) -> Door:
    """404 where there is no such case."""
    case = case_or_404(tx, ref)
    if may_read(here.member, case):
        return Door(case, reads=True, changes=True)
    if not may(here.member, WORK_CASES):
        return Door(case, reads=False, changes=False)
    until = opening_cases.open_until(here.hotline, tx, case, here.member)
    return Door(
        case,
        reads=until is not None,
        changes=False,
        # A case that nobody has is opened by taking it.
        may_open=until is None and case.state != OPEN,
        open_until=until,
    )


def readable_or_404(tx: Transaction, here: Visit, ref: str) -> Any:
    """The case, for who may read it. For others it looks as if there were none."""
    door = door_of(tx, here, ref)
    return door.case if door.reads else _turn_away(tx, here, door.case)


def writable_or_404(tx: Transaction, here: Visit, ref: str) -> Any:
    """The case, for who may read it and add to it: its words are still kept."""
    case = readable_or_404(tx, here, ref)
    return case if case_key(tx, case.id) is not None else abort(404)


def addable_or_404(tx: Transaction, here: Visit, ref: str) -> Any:
    """The same, also for who had the case and lost it while they wrote: they read no more of it.

    Else nobody would know of their call, and the caller would be rung again.
    """
    case = case_or_404(tx, ref)
    return case if _may_still_add(tx, here, case) else writable_or_404(tx, here, ref)


def changeable_or_404(tx: Transaction, here: Visit, ref: str, *, closed_too: bool = False) -> Any:
    """The case, for who has it and for supervisors: an opened one is read and added to only.

    Who would change a case that was closed meanwhile gets their words back, unless `closed_too`.
    """
    door = door_of(tx, here, ref)
    if not (door.changes and may(here.member, WORK_CASES)):
        return abort(404) if door.reads else _turn_away(tx, here, door.case)
    if request.method == "POST" and door.case.state == CLOSED and not closed_too:
        abort(words_back(tx, here, door.case))
    return door.case


def kept_or_404(tx: Transaction, here: Visit, ref: str, *, closed_too: bool = False) -> Any:
    """The case, for who may change it, while what is sealed of it can still be read and added."""
    case = changeable_or_404(tx, here, ref, closed_too=closed_too)
    return case if case_key(tx, case.id) is not None else abort(404)


def _turn_away(tx: Transaction, here: Visit, case: Any) -> NoReturn:
    """Who could read the case when they began to write gets their words back; others see nothing.

    That is who had it and lost it, and who had opened it and whose hour is over.
    """
    may_add = _may_still_add(tx, here, case)
    if request.method == "POST" and (may_add or has_opened(tx, case.id, here.member.id)):
        abort(words_back(tx, here, case, may_add=may_add))
    abort(404)


def _may_still_add(tx: Transaction, here: Visit, case: Any) -> bool:
    had_it = may(here.member, WORK_CASES) and has_had(tx, case.id, here.member.id)
    return had_it and case_key(tx, case.id) is not None


def note(tx: Transaction, here: Visit, case: Any, action: str, detail: str = "") -> None:
    audit.note(tx, here.hotline.now(), here.actor, action, f"case:{case.ref}", detail)
