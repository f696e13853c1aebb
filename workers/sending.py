"""Sends what is due in a queue: claim, call the carrier with no transaction open, mark."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import structlog

from hotline import errands, paging
from hotline.carriers.protocol import (
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
)
from hotline.core.delivery import FAILED, STAFF, Fate
from hotline.errands import Errand, Opened
from hotline.outbox import VOICE
from hotline.parts import Hotline
from hotline.vault import SealBroken

AT_ONCE = 8
"""Messages under way at one time in a worker; a carrier takes about 80 ms for each."""

log = structlog.get_logger()


def owner_name() -> str:
    """Who holds a lease: this process."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}"


def send_due(hotline: Hotline, queue: str) -> int:
    """Send all that is due now; how many were tried."""
    owner, tried = owner_name(), 0
    while claimed := errands.claim_due(hotline, queue, owner):
        tried += len(claimed)
        if len(claimed) == 1:
            _send(hotline, claimed[0], owner)
            continue
        with ThreadPoolExecutor(min(AT_ONCE, len(claimed))) as together:
            for done in [together.submit(_send, hotline, e, owner) for e in claimed]:
                done.result()
    return tried


def _send(hotline: Hotline, errand: Errand, owner: str) -> None:
    carrier = next(iter(hotline.carriers.values()))
    fate, sid, error = _try(hotline, carrier, errand)
    with hotline.transaction() as tx:
        state = errands.mark(
            hotline, tx, errand, owner, fate, carrier=carrier.name, sid=sid, error=error
        )
        if state == FAILED and errand.audience == STAFF and errand.case_id is not None:
            paging.hurry(hotline, tx, errand.case_id)


def _hand_over(carrier: Carrier, errand: Errand, opened: Opened) -> str:
    """The carrier's id of the text or call."""
    ticket = str(errand.item_id)
    if errand.channel == VOICE:
        return carrier.place_call(opened.number, f"/calls/{carrier.name}/turn?n=0", ticket=ticket)
    asks = opened.ask if carrier.capabilities.two_way_texts else ""
    return carrier.send_text(opened.number, f"{opened.body} {asks}".strip(), ticket=ticket)


def _try(hotline: Hotline, carrier: Carrier, errand: Errand) -> tuple[Fate, str | None, str | None]:
    """What became of it, the carrier's id, and the error code."""
    try:
        return (
            Fate.ACCEPTED,
            _hand_over(carrier, errand, errands.open_errand(hotline, errand)),
            None,
        )
    except CarrierRefused as refused:
        log.error("carrier_refused", item=errand.item_id, code=refused.code, scope=refused.scope)
        # With broken credentials nothing is wrong with the message: it waits until they are mended.
        fate = Fate.UNAVAILABLE if refused.scope == "config" else Fate.REFUSED
        return fate, None, refused.code
    except CarrierUnavailable as away:
        log.warning("carrier_unavailable", item=errand.item_id, code=away.code)
        return Fate.UNAVAILABLE, None, away.code
    except CarrierUnknown as unknown:
        log.warning("carrier_unknown", item=errand.item_id, code=unknown.code)
        return Fate.UNKNOWN, None, unknown.code
    except SealBroken:
        log.error("outbox_item_unreadable", item=errand.item_id)
        return Fate.REFUSED, None, "seal_broken"
