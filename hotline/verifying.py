"""Verifying a staff phone: a code is texted there, and whoever holds it says what it was.

Six digits are few, so a code lives ten minutes, each try is counted before it is checked, and
nobody gets more than three codes an hour. Kept is a hash of it, under a key outside the database.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog

from hotline import audit, outbox, rota
from hotline.core.turn import Saying
from hotline.core.typed_digits import digits_of
from hotline.outbox import PHONE_CODE
from hotline.parts import Hotline
from hotline.storage import phone_code
from hotline.storage.database import Transaction
from hotline.storage.shift import hold_rota
from hotline.storage.staff_member import get_staff, verify_phone

LIVES = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 3
DIGITS = 6
_HOUR = timedelta(hours=1)

log = structlog.get_logger()


class Verified(StrEnum):
    """What came of typing a code."""

    VERIFIED = "verified"
    WRONG = "wrong_code"
    OVER = "no_code"  # too old, tried too often, or for a phone that is another one by now


def send_code(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> bool:
    """Text a new code to this person's phone; the one before is void. False: enough for now."""
    now, member = hotline.now(), get_staff(tx, staff_id)
    if phone_code.count_codes(tx, staff_id, now - _HOUR) >= CODES_AN_HOUR:
        return False
    digits = f"{int.from_bytes(hotline.chance(8)) % 10**DIGITS:0{DIGITS}}"
    phone_code.end_codes(tx, staff_id, now)
    sealed = _hash(hotline, member, digits)
    code_id = phone_code.add_code(tx, staff_id, member.phone_index, sealed, now, now + LIVES)
    say = Saying(PHONE_CODE, (("code", digits),))
    outbox.put_page(hotline, tx, member, say, None, f"phone_code:{code_id}")
    audit.note(tx, now, actor, "send_phone_code", f"staff:{staff_id}")
    return True


def check_code(
    hotline: Hotline, tx: Transaction, staff_id: int, typed: str, actor: str
) -> Verified:
    """Whether this is what was texted there. A phone that was lost is theirs again from now on."""
    now, member = hotline.now(), get_staff(tx, staff_id)
    if member.phone_lost_at is not None:
        hold_rota(tx)  # before the audit chain, as everybody does
    row = phone_code.open_code(tx, staff_id, now)
    if row is None or row.phone_index != member.phone_index:
        return Verified.OVER
    if not phone_code.count_try(tx, row.id, TRIES):
        return Verified.OVER
    if _hash(hotline, member, digits_of(typed)) != row.code_hash:
        log.warning("phone_code_wrong")
        return Verified.WRONG
    phone_code.end_codes(tx, staff_id, now)
    if not verify_phone(tx, staff_id, member.phone_index, now):
        return Verified.OVER
    audit.note(tx, now, actor, "verify_phone", f"staff:{staff_id}")
    if member.phone_lost_at is not None:
        rota.make_shifts(hotline, tx)  # their turns are theirs again, where nobody has them
    return Verified.VERIFIED


def is_code_open(hotline: Hotline, tx: Transaction, staff_id: int) -> bool:
    return phone_code.open_code(tx, staff_id, hotline.now()) is not None


def _hash(hotline: Hotline, member: Any, digits: str) -> bytes:
    """Bound to the person and to the phone: the code of another one is no better than none."""
    return hotline.vault.index("phone code", f"{member.id}:{member.phone_index.hex()}:{digits}")
