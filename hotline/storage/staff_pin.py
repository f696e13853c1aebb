"""The PIN of a staff member, beside the table they are in: its hash, wrong tries, the lock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update

from hotline.storage.database import Transaction
from hotline.storage.staff_member import staff
from hotline.storage.tables import Found

_COLUMNS = (staff.c.pin_hash, staff.c.pin_wrong, staff.c.pin_locked_until)


def get_pin(tx: Transaction, staff_id: int) -> Found:
    """The hash (None: no PIN), how many wrong tries in a row, until when it is locked."""
    return tx.execute(select(*_COLUMNS).where(staff.c.id == staff_id)).one()


def put_pin(tx: Transaction, staff_id: int, pin_hash: str, keys: int) -> None:
    """A new PIN of so many keys; what was tried before is forgotten, and the lock is taken off."""
    tx.execute(
        update(staff)
        .where(staff.c.id == staff_id)
        .values(pin_hash=pin_hash, pin_keys=keys, pin_wrong=0, pin_locked_until=None)
    )


def count_try(tx: Transaction, staff_id: int, now: datetime) -> bool:
    """One more try, before anybody looks whether it is right; False while the PIN is locked.

    The row is held until the turn is over, so that tries at one time are counted one by one.
    """
    is_free = or_(staff.c.pin_locked_until.is_(None), staff.c.pin_locked_until <= now)
    done = tx.execute(
        update(staff).where(staff.c.id == staff_id, is_free).values(pin_wrong=staff.c.pin_wrong + 1)
    )
    return done.rowcount == 1


def forget_tries(tx: Transaction, staff_id: int) -> None:
    tx.execute(
        update(staff).where(staff.c.id == staff_id).values(pin_wrong=0, pin_locked_until=None)
    )


def lock_pin(tx: Transaction, staff_id: int, until: datetime) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(pin_locked_until=until))
