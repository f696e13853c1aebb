"""Missed calls: on numbers set so the line does not answer, and rings back."""

from __future__ import annotations

from typing import Any

from hotline import callers, cases, outbox, signals
from hotline.core.callback_plan import NOT_ASKED
from hotline.core.delivery import PENDING, SENDING, SENT
from hotline.core.events import CallEvent
from hotline.core.missed_call import (
    A_DAY,
    HANG_UP_FIRST,
    PROMPT,
    Then,
    after_missed_call,
    read_quiet_hours,
)
from hotline.core.turn import OpenCase, TurnAway
from hotline.dialog import Said, new_state
from hotline.house_rules import ring_back_quiet
from hotline.parts import Hotline
from hotline.storage.database import Transaction
from hotline.storage.ring_back import (
    add_ring_back,
    mark_told,
    ring_backs_since,
    untold_ring_backs,
)

FLOW = "missed.call"
NOT_RUNG = OpenCase("cut_off", "P2", "not_rung_back")

_UNDER_WAY = frozenset({PENDING, SENDING, SENT})


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """Turn a missed call away and note that it is to be rung back; None for every other call."""
    if event.outbound or not _is_for_missed_calls(hotline, event.to_number):
        return None
    number = signals.number_of(hotline, event)
    if number is None:
        return None
    caller = callers.meet(hotline, tx, number)
    then = _decide(hotline, tx, caller)
    if then is Then.ANSWER:
        return None
    if then is Then.RING_BACK:
        _put_ring_back(hotline, tx, caller, event)
    state = new_state(FLOW, caller.language or "km", ended=True)
    return Said(state, (), TurnAway())


def _is_for_missed_calls(hotline: Hotline, to_number: str) -> bool:
    bare = to_number.strip().lstrip("+")
    return any(bare == number.lstrip("+") for number in hotline.settings.missed_call_numbers)


def _decide(hotline: Hotline, tx: Transaction, caller: Any) -> Then:
    now = hotline.now()
    before = ring_backs_since(tx, caller.id, now - A_DAY)
    return after_missed_call(
        [row.asked_at for row in before],
        is_under_way=bool(before) and before[0].state in _UNDER_WAY,
        # A phone that calls without end is answered, and may listen at its own cost.
        can_be_rung=not signals.listens_only(hotline, tx, caller),
        quiet=read_quiet_hours(ring_back_quiet(hotline, tx)),
        now=now,
    )


def _put_ring_back(hotline: Hotline, tx: Transaction, caller: Any, event: CallEvent) -> None:
    now = hotline.now()
    item = outbox.put_call(
        hotline,
        tx,
        PROMPT,
        f"ringback:{event.carrier}:{event.call_sid}",
        caller_id=caller.id,
        at=now + HANG_UP_FIRST,
    )
    if item is not None:
        add_ring_back(tx, caller.id, item, now)


def tell_of_lost(hotline: Hotline) -> int:
    """Cases for callers who were turned away and could not be rung back in time; how many."""
    since = hotline.now() - A_DAY
    with hotline.reading() as tx:
        lost = untold_ring_backs(tx, since)
    return sum(_tell(hotline, row) for row in lost)


def _tell(hotline: Hotline, row: Any) -> bool:
    with hotline.transaction() as tx:
        if not mark_told(tx, row.id, hotline.now()):
            return False
        case_id = cases.open_case(
            hotline,
            tx,
            NOT_RUNG,
            channel="voice",
            caller_id=row.caller_id,
            chi="non_counselling",
            current=None,
        )
        cases.add_answers(hotline, tx, case_id, plan=NOT_ASKED)
    hotline.ring({"alerts"})
    return True
