"""The staff of the demo: two on duty, a supervisor, an open-ended rota; one for each other role.

Made-up numbers only.

Passphrase and PINs are in the documentation, so everybody knows them: `flask seed-demo` works
beside the simulator only, and `flask set-pin` refuses these PINs anywhere else.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from hotline.parts import Hotline
from hotline.passwords import KNOWN_TO_ALL, hash_password, hash_pin
from hotline.pins import peppered
from hotline.staffing import take_on
from hotline.storage.database import Transaction
from hotline.storage.shift import add_shift
from hotline.storage.staff_member import (
    find_staff_by_name,
    get_staff,
    set_password,
    verify_phone,
)
from hotline.storage.staff_pin import put_pin

PASSPHRASE = KNOWN_TO_ALL
STAFF = (
    ("Dara", "+85510111001", "duty"),
    ("Sophea", "+85510111002", "duty"),
    ("Bopha", "+85510111003", "supervisor"),
)
DESK_STAFF = (  # not paged, and not in the stories on the phone
    ("Rith", "+85510111004", "admin"),
    ("Vanna", "+85510111005", "editor"),
    ("Maly", "+85510111006", "coordinator"),
)
PINS = {"Dara": "4071", "Sophea": "5928", "Bopha": "6394"}
_LONG = timedelta(days=3650)


@cache
def _hashed() -> str:
    """Slow on purpose, so once for all of them; these three share what everybody may know."""
    return hash_password(PASSPHRASE)


@cache
def _pin_hashed(words: str) -> str:
    return hash_pin(words)


def seed(hotline: Hotline, tx: Transaction) -> bool:
    """Staff and rota for trying out; False when they are there already."""
    if find_staff_by_name(tx, STAFF[0][0]) is not None:
        return False
    now = hotline.now()
    for place, (name, number, role) in enumerate(STAFF, start=1):
        staff_id = _take_on(hotline, tx, name, number, role)
        pin = PINS[name]
        put_pin(tx, staff_id, _pin_hashed(peppered(hotline, staff_id, pin)), len(pin))
        if role == "duty":
            add_shift(tx, staff_id, now - timedelta(hours=1), now + _LONG, place)
    for name, number, role in DESK_STAFF:
        _take_on(hotline, tx, name, number, role)
    return True


def _take_on(hotline: Hotline, tx: Transaction, name: str, number: str, role: str) -> int:
    """With the passphrase of the demo, and a phone that counts as verified."""
    staff_id = take_on(hotline, tx, name, number, role)
    set_password(tx, staff_id, _hashed())
    verify_phone(tx, staff_id, get_staff(tx, staff_id).phone_index, hotline.now())
    return staff_id
