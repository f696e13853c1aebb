"""Looks over the whole audit chain once a day, and whenever somebody at the desk asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline import audit, outbox
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.staffing import roster
from hotline.storage import audit_head as table
from hotline.storage.database import Transaction
from hotline.storage.heartbeat import take_turn
from hotline.storage.staff_member import get_staff

EVERY = timedelta(days=1)
LONGEST_LOOK = timedelta(minutes=1)
"""So long nobody else begins: who had the turn may have died over it."""

LOOKING = "audit.look"

log = structlog.get_logger()


def is_due(hotline: Hotline) -> bool:
    """Whether somebody asks, or a day has gone by."""
    with hotline.reading() as tx:
        last, is_asked = table.last_check(tx), table.waiting_check(tx) is not None
    return is_asked or last is None or hotline.now() - last.ended_at >= EVERY


def look_if_due(hotline: Hotline) -> bool:
    """Whether the chain was looked over; what was found is kept for the desk."""
    if not is_due(hotline):
        return False
    now = hotline.now()
    with hotline.transaction() as tx:
        if not take_turn(tx, LOOKING, now, LONGEST_LOOK):
            return False
        if table.waiting_check(tx) is None:
            table.ask_check(tx, None, now)
        asked = table.waiting_check(tx)
    _look(hotline, asked)
    return True


def _look(hotline: Hotline, asked: Any) -> None:
    with hotline.reading() as tx:  # of a million lines half a minute
        lines, broken = audit.look_over(tx)
    now = hotline.now()
    with hotline.transaction() as tx:
        table.end_checks(tx, asked.id, lines, broken, now)
        if broken is not None:
            log.critical("audit_chain_broken", line=broken)
            _tell(hotline, tx, now)
    if broken is not None:
        hotline.ring({"alerts"})


def _tell(hotline: Hotline, tx: Transaction, now: datetime) -> None:
    """Once a day for as long as it is so."""
    for staff_id in roster(tx, now).in_charge:
        key = f"chain:{now:%Y%m%d}:{staff_id}"
        member = get_staff(tx, staff_id)
        outbox.put_page(hotline, tx, member, Saying("STAFF_CHAIN"), None, key)


def is_broken(tx: Transaction) -> bool:
    """As the last look found it."""
    last = table.last_check(tx)
    return last is not None and last.broken_line is not None
