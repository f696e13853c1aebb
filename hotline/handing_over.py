"""Who has a case gives it back, or hands it to a colleague; a supervisor gives it to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from hotline import audit, first_attempt, following_up, paging
from hotline.core.escalation import BOTH, SMS
from hotline.house_rules import policy_of_case
from hotline.parts import Hotline
from hotline.storage.case import OPEN, add_event
from hotline.storage.case_change import assign_if_version
from hotline.storage.database import Transaction
from hotline.storage.shift import staff_on_call
from hotline.storage.staff_member import get_staff, list_reachable
from hotline.told import box_of


class Handing(StrEnum):
    """What came of it."""

    DONE = "done"
    NOT_THEIRS = "not_theirs"  # nobody of whom a case can be asked
    CHANGED_MEANWHILE = "changed_meanwhile"


def colleagues(hotline: Hotline, tx: Transaction, case: Any) -> Sequence[tuple[Any, bool]]:
    """Who could have this case and would hear of it, and whether they are on call; those first."""
    on_call = set(staff_on_call(tx, hotline.now()))
    others = [row for row in list_reachable(tx) if row.id != case.claimed_by]
    return sorted(((row, row.id in on_call) for row in others), key=lambda pair: not pair[1])


def give_back(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, reason: str, version: int
) -> Handing:
    """The line asks the next person. Only who has the case can give it back."""
    if case.claimed_by != member.id or not _is_as_seen(case, version):
        return Handing.CHANGED_MEANWHILE
    sealed = box_of(hotline, tx, case.id).encrypt(reason.encode(), "event")
    is_done = following_up.hand_back(hotline, tx, case, member, sealed)
    return Handing.DONE if is_done else Handing.CHANGED_MEANWHILE


def hand_over(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member: Any,
    to: int,
    reason: str,
    version: int,
) -> Handing:
    """From now on `to` has the case, and is paged; what must happen next stays as it was.

    Where nobody had it, nothing was due but that somebody takes it: that somebody calls is next.
    """
    if to not in {row.id for row, _ in colleagues(hotline, tx, case)}:
        return Handing.NOT_THEIRS
    now = hotline.now()
    sealed = box_of(hotline, tx, case.id).encrypt(reason.encode(), "event")
    if not assign_if_version(tx, case.id, version, to, now):
        return Handing.CHANGED_MEANWHILE
    add_event(tx, case.id, "given_away", now, staff_id=member.id, text_sealed=sealed)
    add_event(tx, case.id, "given_to", now, staff_id=to)
    audit.note(tx, now, f"staff:{member.id}", "hand_over", f"case:{case.ref}", f"to staff:{to}")
    if case.state == OPEN:
        paging.end_ladder(hotline, tx, case.id)
        paging.tell_the_others(hotline, tx, case, {to, member.id})
    if case.state == OPEN or case.first_attempt_at is None:
        _begin_clock(hotline, tx, case)
    _tell(hotline, tx, case, member, to)
    return Handing.DONE


def _begin_clock(hotline: Hotline, tx: Transaction, case: Any) -> None:
    """Whoever gets it has the time of one who takes it."""
    policy = policy_of_case(hotline, tx, case)
    first_attempt.take_over(hotline, tx, case, policy)


def _tell(hotline: Hotline, tx: Transaction, case: Any, member: Any, to: int) -> None:
    """Who has it now hears of it as of a page; who had it, if they did not do it themselves."""
    stamp = f"{case.id}:{int(hotline.now().timestamp())}"
    if to != member.id:
        by = BOTH if case.priority in following_up.URGENT else SMS
        paging.remind(
            hotline, tx, case, get_staff(tx, to), "STAFF_GIVEN", f"given:{stamp}:{to}", by
        )
    if case.claimed_by is not None and case.claimed_by != member.id:
        before = get_staff(tx, case.claimed_by)
        key = f"given:{stamp}:{before.id}:away"
        paging.remind(hotline, tx, case, before, "STAFF_TAKEN", key, SMS)


def _is_as_seen(case: Any, version: int) -> bool:
    return bool(case.version == version)
