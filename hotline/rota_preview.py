"""What the rota would be: with a rotation that is not added yet, or without one that goes on."""

from __future__ import annotations

from datetime import datetime

from hotline.core.rota import Shift, renew
from hotline.core.rotation import Rotation, shifts_of
from hotline.rota import RotaFault, fault_of_rotation, holidays_until
from hotline.storage.database import Transaction
from hotline.storage.shift import list_shifts


def with_rotation(
    tx: Transaction, new: Rotation, now: datetime, until: datetime
) -> list[Shift] | RotaFault:
    """The shifts there would be until then, with this one; or why it cannot be added."""
    fault = fault_of_rotation(tx, new, now)
    if fault is not None:
        return fault
    there = list_shifts(tx, now, until)
    planned = shifts_of(new, now, until, holidays_until(tx, new, until))
    decided = [shift for shift in there if shift.is_decided]
    return [*there, *renew(planned, (), decided, now).added]


def without_rotation(tx: Transaction, number: int, now: datetime, until: datetime) -> list[Shift]:
    """The shifts there would be until then, if this one ended now."""
    return [
        shift
        for shift in list_shifts(tx, now, until)
        if shift.rotation_id != number or shift.is_decided or shift.starts_at <= now
    ]
