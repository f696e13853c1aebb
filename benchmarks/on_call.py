"""Who is on call while something is measured: the rota of the run, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hotline.parts import Hotline
from hotline.storage.shift import add_shift, shifts

_LONG = timedelta(days=3650)


def hand_over_to(hotline: Hotline, staff_ids: Sequence[int]) -> None:
    """From now on these are on call, in this order, and nobody else."""
    now = hotline.now()
    with hotline.transaction() as tx:
        tx.execute(shifts.delete())
        for place, staff_id in enumerate(staff_ids, start=1):
            add_shift(tx, staff_id, now - timedelta(days=1), now + _LONG, place)
