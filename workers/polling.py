"""Asks carriers after messages and calls whose end they have not told, and takes the answer.

Somleng skips receipts on several paths, and any webhook can be lost. The answer goes the same way
as a receipt, so it counts once whichever comes first. No transaction is open while a carrier is
asked.
"""

from __future__ import annotations

from typing import Any

import structlog

from hotline import errands, receipts, switchboard
from hotline.carriers.protocol import Carrier, CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.core.breaker import CALL, TEXT
from hotline.core.delivery import SENT, STUCK, poll_after
from hotline.core.events import CallStatus, Receipt
from hotline.outbox import VOICE
from hotline.parts import Hotline
from hotline.storage.carrier_health import count_poll
from hotline.storage.late_receipt import claim_poll, due_polls

AT_MOST = 20
"""In one sweep, so that pages need not wait for answers to questions."""

_TALKING = "in-progress"

log = structlog.get_logger()


def ask_after_late(hotline: Hotline) -> int:
    """Ask after what is due; how many were asked after. A carrier that is away is asked once."""
    with hotline.reading() as tx:
        due = due_polls(tx, hotline.now(), AT_MOST)
    asked, away = 0, set[str]()
    for row in due:
        carrier = hotline.carriers.get(row.carrier)
        if row.carrier in away or not _claim(hotline, row):
            continue
        asked += 1
        try:
            told = _ask(hotline, carrier, row) if carrier is not None else None
        except (CarrierUnavailable, CarrierUnknown, CarrierRefused) as error:
            log.warning("state_not_told", item=row.id, carrier=row.carrier, code=error.code)
            away.add(row.carrier)
            told = _stuck(hotline, row)
        _take(hotline, row, told)
    return asked


def _claim(hotline: Hotline, row: Any) -> bool:
    now = hotline.now()
    wait = poll_after(row.channel == VOICE, row.polls + 1)
    if row.state != SENT:
        wait = None  # it is over, only the reason is not known: worth one question
    with hotline.transaction() as tx:
        if not claim_poll(tx, row.id, row.poll_at, now + wait if wait is not None else None):
            return False
        count_poll(tx, row.carrier, CALL if row.channel == VOICE else TEXT, now)
    return True


def _ask(hotline: Hotline, carrier: Carrier, row: Any) -> Receipt | CallStatus | None:
    """How far it has come; None if there is nothing to take down."""
    if row.channel != VOICE:
        return carrier.text_state(row.provider_sid)
    status = carrier.call_state(row.provider_sid)
    if status is not None and (status.is_over or status.state == _TALKING):
        return status
    return _stuck(hotline, row)


def _stuck(hotline: Hotline, row: Any) -> CallStatus | None:
    """A call that is neither talked on nor over, as far as anybody can tell, ends after a while."""
    if row.channel != VOICE or hotline.now() - row.sent_at < STUCK:
        return None
    log.warning("stuck_call_ended", item=row.id, carrier=row.carrier)
    return CallStatus(row.carrier, row.provider_sid, "completed", None, None, outbound=True)


def _take(hotline: Hotline, row: Any, told: Receipt | CallStatus | None) -> None:
    if told is None:
        return
    with hotline.transaction() as tx:
        if row.state != SENT and isinstance(told, Receipt):
            is_told = errands.note_reason(hotline, tx, row.id, told)
            rings = frozenset({"alerts"}) if is_told else frozenset()
        elif isinstance(told, CallStatus):
            rings = switchboard.end_call(hotline, tx, told)
        else:
            rings = receipts.take_receipt(hotline, tx, told)
    hotline.ring(rings)
