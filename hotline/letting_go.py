"""Somebody leaves, or their phone is lost: what they have here goes into other hands, all at once.

In one transaction: whoever finds the phone a second later finds nothing. A lost phone is a
stranger's from then on; a code that is texted to it, or to another one, and typed makes it a staff
phone again (verifying).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline import audit, bridges, following_up, outbox, paging, rota, rota_watch, staffing
from hotline.calendar_addresses import revoke
from hotline.core.bridge_call import GIVEN_UP
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.sessions import sign_out_everywhere
from hotline.storage import phone_code, shift_swap
from hotline.storage.authenticator import remove_authenticators
from hotline.storage.bridge import bridges_not_talking, is_talking
from hotline.storage.case import OPEN, claimed_cases_of, get_case
from hotline.storage.database import Transaction
from hotline.storage.invitation import forget_invitation
from hotline.storage.outbox_item import cancel_for_staff
from hotline.storage.page import note_answer, void_pages
from hotline.storage.passkey import remove_passkeys
from hotline.storage.recovery_code import remove_recovery_codes
from hotline.storage.shift import hold_rota, shifts_of_staff
from hotline.storage.shift_swap import WITHDRAWN, asked_swaps
from hotline.storage.staff_member import get_staff, lose_phone, retire
from hotline.swaps import tell_of_end


@dataclass(frozen=True, slots=True)
class Holdings:
    """What somebody has here: for the page that says what will happen."""

    shifts: int
    cases: Sequence[str]  # references
    swaps: int
    has_pin: bool
    is_on_call: bool
    is_talking: bool  # with a caller, through the line


def what_they_have(hotline: Hotline, tx: Transaction, member: Any) -> Holdings:
    now = hotline.now()
    theirs = shifts_of_staff(tx, member.id, now)
    return Holdings(
        shifts=len(theirs),
        cases=[case.ref for case in claimed_cases_of(tx, member.id)],
        swaps=len(asked_swaps(tx, now, member.id)),
        has_pin=member.pin_hash is not None,
        is_on_call=any(shift.holds(now) for shift in theirs),
        is_talking=is_talking(tx, member.id),
    )


def revoke_phone(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> None:
    """The phone is lost or stolen: from now on it opens nothing and is told nothing."""
    now = hotline.now()
    hold_rota(tx)  # before the audit chain, as everybody does: else two wait for each other
    lose_phone(tx, staff_id, now)
    _close_the_door(tx, staff_id, now)
    audit.note(tx, now, actor, "revoke_phone", f"staff:{staff_id}")
    revoke(hotline, tx, staff_id, actor)
    hand_over(hotline, tx, staff_id, actor)
    say = Saying("STAFF_PHONE_LOST", (("n", str(staff_id)),))
    for supervisor in staffing.roster(tx, now).supervisors:
        if actor != f"staff:{supervisor}":
            key = f"phone_lost:{staff_id}:{now:%Y%m%d%H%M%S}:{supervisor}"
            outbox.put_page(hotline, tx, get_staff(tx, supervisor), say, None, key)


def let_go(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> None:
    """They work here no more. The name stays on what they did."""
    now = hotline.now()
    hold_rota(tx)
    retire(tx, staff_id)
    _close_the_door(tx, staff_id, now)
    audit.note(tx, now, actor, "let_go", f"staff:{staff_id}")
    revoke(hotline, tx, staff_id, actor)
    hand_over(hotline, tx, staff_id, actor)


def hand_over(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> None:
    """Shifts, questions and cases of somebody who cannot be paged (any more) go to others."""
    now = hotline.now()
    for swap in asked_swaps(tx, now, staff_id):
        shift_swap.end_swap(tx, swap.id, WITHDRAWN, now)
        tell_of_end(hotline, tx, swap, but=staff_id)
    freed = rota.free(hotline, tx, staff_id)
    if freed:
        audit.note(tx, now, actor, "free_shifts", f"staff:{staff_id}")
    for bridge in bridges_not_talking(tx, staff_id):
        bridges.settle(hotline, tx, bridge, GIVEN_UP)  # else whoever picks up gets the caller
    for case in claimed_cases_of(tx, staff_id):
        following_up.take_back(hotline, tx, case, actor)
    for case_id in void_pages(tx, staff_id, now):
        if get_case(tx, case_id).state == OPEN:
            note_answer(tx, case_id, staff_id, paging.CANNOT, now)
            paging.hurry(hotline, tx, case_id)
    cancel_for_staff(tx, staff_id, now)
    if freed:
        rota_watch.warn_of_gaps(hotline, tx)


def _close_the_door(tx: Transaction, staff_id: int, now: datetime) -> None:
    """Before the audit chain, as who types a code does it: else two wait for each other."""
    sign_out_everywhere(tx, staff_id, now)
    phone_code.end_codes(tx, staff_id, now)
    # What makes codes, and what holds passkeys, is that very phone.
    remove_authenticators(tx, staff_id)
    remove_passkeys(tx, staff_id)
    remove_recovery_codes(tx, staff_id)
    forget_invitation(tx, staff_id)
