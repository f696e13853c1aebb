"""The staff of the demo: two on duty, a supervisor, an open-ended rota. Made-up numbers only."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from hotline.parts import Hotline
from hotline.passwords import hash_password
from hotline.staffing import take_on
from hotline.storage.database import Transaction
from hotline.storage.shift import add_shift
from hotline.storage.staff_member import find_staff_by_name, set_password

PASSPHRASE = "child-club-demo"  # noqa: S105 - made up, and refused outside the demo
STAFF = (
    ("Dara", "+85510111001", "duty"),
    ("Sophea", "+85510111002", "duty"),
    ("Bopha", "+85510111003", "supervisor"),
)
_LONG = timedelta(days=3650)


@cache
def _hashed() -> str:
    """Slow on purpose, so once for all of them; these three share what everybody may know."""
    return hash_password(PASSPHRASE)


def seed(hotline: Hotline, tx: Transaction) -> bool:
    """Staff and rota for trying out; False when they are there already."""
    if find_staff_by_name(tx, STAFF[0][0]) is not None:
        return False
    now = hotline.now()
    for place, (name, number, role) in enumerate(STAFF, start=1):
        staff_id = take_on(hotline, tx, name, number, role)
        set_password(tx, staff_id, _hashed())
        if role == "duty":
            add_shift(tx, staff_id, now - timedelta(hours=1), now + _LONG, place)
    return True
