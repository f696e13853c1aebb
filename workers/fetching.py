"""Fetches voice messages from the carrier, seals them, and has the carrier's copy deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from hotline import carrier_copies, recordings
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.parts import Hotline
from hotline.storage import recording as table

LEASE = timedelta(minutes=2)

log = structlog.get_logger()


def fetch_due(hotline: Hotline) -> int:
    """Fetch every voice message that is due, forget those the callers dropped; how many."""
    now = hotline.now()
    with hotline.reading() as tx:
        expected = table.due_recordings(tx, now)
        dropped = table.due_recordings(tx, now, state=table.DROPPED)
    fetched = sum(_fetch(hotline, row) for row in expected)
    forgotten = sum(_forget(hotline, row) for row in dropped)
    carrier_copies.clear_sounds(hotline)
    return fetched + forgotten


def _fetch(hotline: Hotline, row: Any) -> bool:
    now = hotline.now()
    with hotline.transaction() as tx:
        if not table.claim_recording(tx, row.id, row.tries, now + LEASE):
            return False
    try:
        if row.url_sealed is None or row.carrier not in hotline.carriers:
            raise CarrierUnavailable("no_address")
        sound = hotline.carriers[row.carrier].fetch_recording(recordings.url_of(hotline, row))
    except (CarrierRefused, CarrierUnavailable, CarrierUnknown) as error:
        _try_later(hotline, row, error.code)
        return False
    recordings.keep(hotline, row, sound)
    return True


def _try_later(hotline: Hotline, row: Any, code: str) -> None:
    wait = recordings.retry_after(row.tries + 1)
    with hotline.transaction() as tx:
        if wait is None:
            log.error("voice_message_lost", recording=row.id, code=code)
            table.change_recording(tx, row.id, state=table.GONE, next_at=None)
        else:
            table.change_recording(tx, row.id, next_at=hotline.now() + wait)


def _forget(hotline: Hotline, row: Any) -> bool:
    with hotline.transaction() as tx:
        recordings.forget_file(hotline, tx, row)
    return True
