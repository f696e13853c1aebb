"""PINs of staff who work by phone: set, checked, locked after wrong tries.

A phone number can be forged and a phone can be lost; the PIN is what tells who is on the line. Four
to six digits are few, so each try is counted before it is checked, and five wrong ones lock it.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog

from hotline import audit, outbox, staffing
from hotline.core.pin_rules import LONGEST, PinFault, may_be_a_pin, pin_fault
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.passwords import hash_pin, is_right
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff
from hotline.storage.staff_pin import count_try, forget_tries, get_pin, lock_pin, put_pin

TRIES = 5
"""Wrong ones in a row, over all calls, that lock a PIN. Once it was locked, one more is enough."""

LOCKED_FOR = timedelta(minutes=30)

log = structlog.get_logger()


class Pin(StrEnum):
    """What a PIN that was keyed turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    NONE_SET = "none_set"


def check(hotline: Hotline, tx: Transaction, member: Any, keys: str) -> Pin:
    """Whether these keys are the member's PIN. While it is locked the right ones are no better."""
    known = get_pin(tx, member.id)
    if known.pin_hash is None:
        return Pin.NONE_SET
    if not may_be_a_pin(keys):
        return Pin.WRONG  # nobody learns anything from it, so a child that plays locks nothing
    now = hotline.now()
    if not count_try(tx, member.id, now):
        return Pin.LOCKED
    if is_right(known.pin_hash, peppered(hotline, member.id, keys)):
        forget_tries(tx, member.id)
        return Pin.RIGHT
    log.warning("pin_wrong")
    return _after_wrong(hotline, tx, member, get_pin(tx, member.id).pin_wrong)


def keys_of_pin(member: Any) -> int | None:
    """How many keys the member's PIN has, so that the last one ends the wait; None without one."""
    return (member.pin_keys or LONGEST) if member.pin_hash is not None else None


def _after_wrong(hotline: Hotline, tx: Transaction, member: Any, wrong: int) -> Pin:
    if wrong < TRIES:
        return Pin.WRONG
    now = hotline.now()
    lock_pin(tx, member.id, now + LOCKED_FOR)
    audit.note(tx, now, "caller", "lock_pin", f"staff:{member.id}")
    if wrong == TRIES:  # once, until a right PIN or a new one
        _tell_supervisors(hotline, tx, member.id)
    return Pin.LOCKED


def _tell_supervisors(hotline: Hotline, tx: Transaction, staff_id: int) -> None:
    """The number of the staff member, never the name: a text may be read by anybody."""
    now = hotline.now()
    say = Saying("STAFF_PIN_LOCKED", (("n", str(staff_id)),))
    for supervisor in staffing.roster(tx, now).supervisors:
        key = f"pin_locked:{staff_id}:{now:%Y%m%d%H%M%S}:{supervisor}"
        outbox.put_page(hotline, tx, get_staff(tx, supervisor), say, None, key)


def set_pin(hotline: Hotline, tx: Transaction, member_id: int, digits: str) -> PinFault | None:
    """A new PIN, which also takes off the lock; or why these digits may not be one."""
    fault = pin_fault(digits, staffing.phone_of(hotline, get_staff(tx, member_id)))
    if fault is not None:
        return fault
    put_pin(tx, member_id, hash_pin(peppered(hotline, member_id, digits)), len(digits))
    audit.note(tx, hotline.now(), "operator", "set_pin", f"staff:{member_id}")
    return None


def peppered(hotline: Hotline, member_id: int, digits: str) -> str:
    """What is hashed. With a key from outside the database: a million PINs are soon tried."""
    return hotline.vault.index("staff pin", f"{member_id}:{digits}").hex()
