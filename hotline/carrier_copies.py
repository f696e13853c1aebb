"""Copies at the carrier of what we hold: deleted there, then asked for again until it knows none.

No transaction is open while a carrier is asked. Stopped half-way, the next round goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline.carriers.protocol import Carrier, CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.core.retention import CARRIER_COPIES
from hotline.parts import Hotline
from hotline.storage import carrier_copy as table
from hotline.storage.carrier_copy import GONE, KEPT, KINDS, RECORDING
from hotline.storage.database import Transaction

AT_ONCE = 20
"""Of each kind in one round, so that nothing else waits long."""

LONGEST_ROUND = timedelta(seconds=5)
"""The ladder waits behind it: a carrier that answers slowly is asked on in the next round."""

AGAIN = timedelta(minutes=10)
NOT_OURS = timedelta(days=1)
"""A carrier that the settings do not name just now is looked for again."""

log = structlog.get_logger()


def clear(hotline: Hotline, kinds: Iterable[str] = KINDS) -> int:
    """Delete there what is due; how many copies are known to be gone by it."""
    until = hotline.now() + LONGEST_ROUND
    return sum(_clear(hotline, kind, until) for kind in kinds)


def clear_sounds(hotline: Hotline) -> int:
    return clear(hotline, (RECORDING,))


def overdue(hotline: Hotline, tx: Transaction) -> int:
    """Copies that should have been deleted by the schedule and are not known to be."""
    now, keep = hotline.now(), hotline.schedule.rules[CARRIER_COPIES].keep
    since = now - keep - table.LAST_QUESTION
    return sum(table.count_overdue(tx, kind, now, since) for kind in KINDS)


def _clear(hotline: Hotline, kind: str, until: datetime) -> int:
    now = hotline.now()
    with hotline.reading() as tx:
        rows = table.unsettled(tx, kind, now, AT_ONCE)
    if not rows:
        return 0
    fates: dict[int, str | timedelta] = {}
    away: set[str] = set()
    for row in rows:
        if hotline.now() > until:
            break
        fates[row.id] = AGAIN if row.carrier in away else _delete(hotline, kind, row, away)
    with hotline.transaction() as tx:
        for state in (GONE, KEPT):
            ids = [row_id for row_id, fate in fates.items() if fate == state]
            if ids:
                table.settle_copies(tx, kind, ids, state)
        for row_id, fate in fates.items():
            if isinstance(fate, timedelta):
                table.try_later(tx, kind, row_id, now + fate)
    return sum(fate == GONE for fate in fates.values())


def _delete(hotline: Hotline, kind: str, row: Any, away: set[str]) -> str | timedelta:
    """GONE, KEPT, or when to try again."""
    carrier = hotline.carriers.get(row.carrier)
    if carrier is None:
        return NOT_OURS
    can, delete, has = _ways(carrier, kind)
    if not can:
        return KEPT
    try:
        return GONE if delete(row.sid) and not has(row.sid) else AGAIN
    except CarrierRefused as error:
        log.warning("copy_not_deleted", kind=kind, row=row.id, code=error.code)
    except (CarrierUnavailable, CarrierUnknown) as error:
        log.warning("copy_not_deleted", kind=kind, row=row.id, code=error.code)
        away.add(row.carrier)
    return AGAIN


def _ways(carrier: Carrier, kind: str) -> tuple[bool, Callable[[str], bool], Callable[[str], bool]]:
    """Whether this carrier can delete, how, and how to ask whether it is still there."""
    able = carrier.capabilities
    if kind == RECORDING:
        return able.can_delete_recordings, carrier.delete_recording, carrier.has_recording
    return able.can_delete_texts, carrier.delete_text, carrier.has_text
