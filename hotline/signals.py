"""What a call tells without a word: silence, hang-ups, pestering; and where a call begins."""

from __future__ import annotations

from typing import Any

from hotline import cases
from hotline.core.callback_plan import NOT_ASKED
from hotline.core.events import CallEvent
from hotline.core.library import LISTEN_ONLY, RING_BACK
from hotline.core.missed_call import PROMPT
from hotline.core.pestering import A_WEEK, MOST_CALLS, PRANKS_IN, Seen, is_a_pattern, listens_until
from hotline.core.turn import OpenCase, State
from hotline.parts import Hotline
from hotline.storage.caller_history import (
    cases_closed_as,
    has_open_case,
    last_calls,
    newest_case,
)
from hotline.storage.case import CLOSED
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import get_item
from hotline.storage.pause import end_of_pause, set_pause
from hotline.storage.silent_call import add_silent_call

SILENT = OpenCase("silent_caller", "P2", "repeat_silent")

_NOTHING: frozenset[str] = frozenset()


# ---------------------------------------------------------------- who rings, what is heard first


def is_our_own(hotline: Hotline, number: str) -> bool:
    """Whether a number is one of the line's: nobody can be rung there but ourselves."""
    settings = hotline.settings
    ours = {settings.number, *settings.missed_call_numbers}
    ours |= {carrier.line for carrier in hotline.carriers.values()}
    return number.lstrip("+") in {each.lstrip("+") for each in ours}


def number_of(hotline: Hotline, event: CallEvent) -> str | None:
    """The number a caller is known by. Our own says nothing of who rings: as good as withheld."""
    number = event.from_number
    return None if number is None or is_our_own(hotline, number) else number


def first_flow(hotline: Hotline, tx: Transaction, event: CallEvent, caller: Any | None) -> str:
    """The flow a call begins with: the entry, unless something is known that speaks against it."""
    if event.outbound:
        return RING_BACK if _is_a_ring_back(tx, event.ticket) else hotline.library.entry
    if caller is not None and listens_only(hotline, tx, caller, calls_now=True):
        return LISTEN_ONLY
    return hotline.library.entry


def _is_a_ring_back(tx: Transaction, ticket: str | None) -> bool:
    item = get_item(tx, int(ticket)) if ticket is not None and ticket.isdecimal() else None
    return item is not None and item.prompt == PROMPT


def listens_only(
    hotline: Hotline, tx: Transaction, caller: Any, *, calls_now: bool = False
) -> bool:
    """Whether this phone has called without end and may only listen for a while."""
    if caller.first_seen == caller.last_seen:
        return False  # it was never here before, or once
    now = hotline.now()
    calls = list(last_calls(tx, caller.id, MOST_CALLS + 1))
    if calls_now:
        calls.insert(0, (now, False))
    seen = Seen(
        calls=calls,
        pranks=cases_closed_as(tx, caller.id, "not_a_case", now - PRANKS_IN),
        paused_until=end_of_pause(tx, caller.id),
        has_open_case=has_open_case(tx, caller.id, besides=SILENT.kind),
    )
    until = listens_until(seen, now)
    if until is not None and until != seen.paused_until:
        set_pause(tx, caller.id, until)
    return until is not None


# ---------------------------------------------------------------- a call that ended in silence


def note_end(
    hotline: Hotline, tx: Transaction, caller_id: int | None, state: State
) -> frozenset[str]:
    """A call has ended: who rings again and again and never presses a key is not overlooked."""
    is_silent = not (state["pressed"] or state["has_case"] or state["flow"] == RING_BACK)
    if caller_id is None or not is_silent:
        return _NOTHING
    now = hotline.now()
    times = add_silent_call(tx, caller_id, now, forget=now - A_WEEK)
    before = newest_case(tx, caller_id, SILENT.kind)
    if before is not None and before.state != CLOSED:
        return _NOTHING
    if not is_a_pattern([at for at in times if before is None or at > before.closed_at], now):
        return _NOTHING
    case_id = cases.open_case(
        hotline,
        tx,
        SILENT,
        channel="voice",
        caller_id=caller_id,
        chi="non_counselling",
        current=None,
    )
    cases.add_answers(hotline, tx, case_id, plan=NOT_ASKED)
    return frozenset({"alerts"})
