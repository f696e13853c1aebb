"""Carries one message out: by the carriers in turn, as far as it is safe, then marks its fate.

What never left us may go by the next carrier, and a page may go twice, but nothing a caller may
already have had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from hotline import carrier_choice, errands, outbox, paging
from hotline.carriers.protocol import (
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
)
from hotline.core.breaker import CALL, TEXT
from hotline.core.delivery import FAILED, PENDING, STAFF, Fate, may_go_on, weightiest
from hotline.errands import Errand, Opened
from hotline.outbox import VOICE
from hotline.parts import Hotline
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import times_of_pages
from hotline.vault import SealBroken

NO_TEXTS = "no_texts"
RUNG_LATELY = timedelta(minutes=2)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Try:
    """One try with one carrier: what became of it, the carrier's id, or why not.

    `carrier` is empty where it came to none.
    """

    carrier: str
    fate: Fate
    sid: str | None = None
    error: str | None = None
    scope: str | None = None


def carry_out(hotline: Hotline, errand: Errand, owner: str) -> None:
    """Call the carriers with no transaction open, then mark; `owner` holds the errand's lease."""
    direction = CALL if errand.channel == VOICE else TEXT
    tries = _carry(hotline, errand, direction)
    fate = weightiest(each.fate for each in tries)
    end = next(each for each in tries if each.fate is fate)
    with hotline.transaction() as tx:
        state = errands.mark(
            hotline, tx, errand, owner, fate, carrier=end.carrier, sid=end.sid, error=end.error
        )
        if state is not None and errand.audience == STAFF and errand.case_id is not None:
            _see_to_the_page(hotline, tx, errand, state, tries)
        is_told = _learn(hotline, tx, direction, tries)
    if is_told:
        hotline.ring({"alerts"})


def _learn(hotline: Hotline, tx: Transaction, direction: str, tries: list[Try]) -> bool:
    """What the tries teach about the carriers; True when people are told of a trouble."""
    # In one order everywhere: two workers that each wait for the other's row would both lose.
    told = [
        carrier_choice.note(hotline, tx, each.carrier, direction, each.fate, each.scope)
        for each in sorted(tries, key=lambda each: each.carrier)
        if each.carrier
    ]
    return any(told)


def _see_to_the_page(
    hotline: Hotline, tx: Transaction, errand: Errand, state: str, tries: list[Try]
) -> None:
    """A page that will not arrive moves the ladder on; one that nobody can text is rung."""
    assert errand.case_id is not None
    if tries[0].error == NO_TEXTS:
        _ring_instead(hotline, tx, errand)
        return
    is_refused = state == PENDING and any(each.fate is Fate.REFUSED for each in tries)
    if state == FAILED or (is_refused and errand.tries == 1):
        paging.hurry(hotline, tx, errand.case_id)


def _ring_instead(hotline: Hotline, tx: Transaction, errand: Errand) -> None:
    """The same page by voice, unless this person is being rung anyway; mere news is not rung."""
    if errand.ask_sealed is None or errand.staff_id is None:
        return
    since = hotline.now() - RUNG_LATELY
    if not times_of_pages(tx, errand.staff_id, VOICE, since):
        key, staff_id = f"instead:{errand.item_id}", errand.staff_id
        outbox.put_call(
            hotline, tx, outbox.STAFF_CALL, key, staff_id=staff_id, case_id=errand.case_id
        )


def _carry(hotline: Hotline, errand: Errand, direction: str) -> list[Try]:
    """Try the carriers in turn until one has it, or none may be tried any more; never empty."""
    try:
        opened = errands.open_errand(hotline, errand)
    except SealBroken:
        log.error("outbox_item_unreadable", item=errand.item_id)
        return [Try("", Fate.REFUSED, error="seal_broken")]
    tries: list[Try] = []
    order = carrier_choice.order(
        hotline, direction, errand.audience, lost_by=errand.lost_by, by=errand.by
    )
    for carrier in order:
        tries.append(_try(carrier, errand, opened))
        if not may_go_on(errand.audience, tries[-1].fate):
            break
    return tries or [Try("", Fate.REFUSED, error=NO_TEXTS)]


def _try(carrier: Carrier, errand: Errand, opened: Opened) -> Try:
    item = errand.item_id
    try:
        return Try(carrier.name, Fate.ACCEPTED, sid=_hand_over(carrier, errand, opened))
    except CarrierRefused as refused:
        log.error("carrier_refused", item=item, code=refused.code, scope=refused.scope)
        # With broken credentials nothing is wrong with the message: it waits until they are mended.
        fate = Fate.UNAVAILABLE if refused.scope == "config" else Fate.REFUSED
        return Try(carrier.name, fate, error=refused.code, scope=refused.scope)
    except CarrierUnavailable as away:
        log.warning("carrier_unavailable", item=item, carrier=carrier.name, code=away.code)
        return Try(carrier.name, Fate.UNAVAILABLE, error=away.code)
    except CarrierUnknown as unknown:
        log.warning("carrier_unknown", item=item, carrier=carrier.name, code=unknown.code)
        return Try(carrier.name, Fate.UNKNOWN, error=unknown.code)


def _hand_over(carrier: Carrier, errand: Errand, opened: Opened) -> str:
    """The carrier's id of the text or call."""
    ticket = str(errand.item_id)
    if errand.channel == VOICE:
        return carrier.place_call(opened.number, f"/calls/{carrier.name}/turn?n=0", ticket=ticket)
    asks = opened.ask if carrier.capabilities.two_way_texts else ""
    return carrier.send_text(opened.number, f"{opened.body} {asks}".strip(), ticket=ticket)
