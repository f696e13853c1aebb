"""Need to know, broken with a reason: a colleague's case opens for an hour, and others hear."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hotline import audit, paging, staffing
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage import case_access
from hotline.storage.case import add_event
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff
from hotline.told import box_of

OPEN_FOR = timedelta(minutes=60)
SHORTEST_REASON = 10
TO_SUPERVISORS = "STAFF_OPENED"


def open_with_reason(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, reason: str
) -> datetime:
    """From now on this person may read the case; until when. Pressed twice, it is told once."""
    now = hotline.now()
    known = case_access.open_until(tx, case.id, member.id, now)
    if known is not None:
        return known
    box, expires = box_of(hotline, tx, case.id), now + OPEN_FOR
    sealed = box.encrypt(reason.encode(), "access")
    case_access.add_access(tx, case.id, member.id, sealed, now, expires)
    said = box.encrypt(reason.encode(), "event")
    add_event(tx, case.id, "break_glass", now, staff_id=member.id, text_sealed=said)
    audit.note(tx, now, f"staff:{member.id}", "break_glass", f"case:{case.ref}", "plan,notes,sound")
    _tell_supervisors(hotline, tx, case, member.id)
    return expires


def open_until(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> datetime | None:
    """Until when this person may read a case that is not theirs; None: not now."""
    return case_access.open_until(tx, case.id, member.id, hotline.now())


def _tell_supervisors(hotline: Hotline, tx: Transaction, case: Any, member_id: int) -> None:
    """At once, with the reference alone; the reason stands on the case."""
    now, saying = hotline.now(), Saying(TO_SUPERVISORS, (("ref", case.ref),))
    for supervisor in staffing.roster(tx, now).supervisors:
        key = f"opened:{case.id}:{member_id}:{int(now.timestamp())}:{supervisor}"
        paging.tell(hotline, tx, get_staff(tx, supervisor), saying, case.id, key)
