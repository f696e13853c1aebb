"""Calling a caller back: only inside the plan, the staff member first, neither number shown."""

from __future__ import annotations

import re
from typing import Any

from hotline import bridges, caller_leg, cases, outbox, safe_calling, staff_leg
from hotline.bridges import Bridging
from hotline.core.bridge_call import CALLER, NOT_CALLED, STAFF, bridge_in, outcome_of_ring
from hotline.core.events import CallEvent, CallStatus
from hotline.core.safe_call import ALREADY_CALLING, NO_NUMBER, NOT_YOURS, Gate
from hotline.core.turn import State, TheEnd, Turn
from hotline.dialog import Said, new_state
from hotline.parts import Hotline
from hotline.storage import bridge as table
from hotline.storage.case import get_case
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import get_item

__all__ = [
    "Bridging",
    "begin",
    "close_stale",
    "connect",
    "gate",
    "hear",
    "leg_ended",
    "note_outcome",
    "ring_staff",
    "talk_over",
]

STAFF_FIRST = "V_STAFF_BRIDGE"
"""The first prompt of the call to a staff member who asked for a bridge at the desk."""

_OURS = frozenset({STAFF_FIRST, safe_calling.OPENING, safe_calling.QUIET_OPENING})
_ITEM = re.compile(r"[1-9][0-9]{0,17}")
_RING_NOBODY = "bridge.nobody"

gate = safe_calling.gate
talk_over = bridges.talk_over
note_outcome = bridges.note_outcome
close_stale = bridges.close_stale


# ---------------------------------------------------------------- asked for by staff


def connect(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member: Any,
    carrier: str,
    override: str | None = None,
) -> Bridging | Gate:
    """Ring the caller for a staff member who is on the line now and pressed 1, or say why not.

    `override` is why the caller is rung although the gate is shut, in the member's words.
    """
    bridge_id = _admit(hotline, tx, case, member, override)
    if isinstance(bridge_id, Gate):
        return bridge_id
    bridging = bridges.ring_caller(hotline, tx, bridge_id, get_case(tx, case.id), carrier)
    return bridging if bridging is not None else Gate(False, NO_NUMBER)


def ring_staff(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, override: str | None = None
) -> Gate | None:
    """From the desk: the staff member's phone rings first. None, or why not."""
    bridge_id = _admit(hotline, tx, case, member, override)
    if isinstance(bridge_id, Gate):
        return bridge_id
    key = f"bridge:{bridge_id}:staff"
    item = outbox.put_call(hotline, tx, STAFF_FIRST, key, staff_id=member.id, case_id=case.id)
    table.advance(tx, bridge_id, STAFF, hotline.now(), staff_item_id=item)
    return None


def _admit(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, override: str | None
) -> int | Gate:
    """A new bridge if the gate is open, or opened by this person with a reason; else the gate."""
    case, reason = get_case(tx, case.id), (override or "").strip()
    found = gate(hotline, tx, case)
    if not safe_calling.may_call(case, member):
        return Gate(False, NOT_YOURS)
    is_forced = bool(reason) and found.may_be_overridden_by(member.role)
    if not found.allowed and not is_forced:
        return found
    bridge_id = bridges.begin(hotline, tx, case, member, overridden=is_forced)
    if bridge_id is not None and is_forced:
        safe_calling.note_override(hotline, tx, case, member, found, reason)
    elif reason:  # the gate opened meanwhile, or somebody else rings: what was written stays
        cases.add_note(hotline, tx, case, member.id, reason)
    return bridge_id if bridge_id is not None else Gate(False, ALREADY_CALLING)


# ---------------------------------------------------------------- who was rung


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """The first words to somebody we ring for a bridge; None for every other call."""
    if not event.outbound:
        return None
    screened = bridge_in(event.ticket)
    if screened is not None:
        row = table.get_bridge(tx, screened)
        said = caller_leg.begin(hotline, tx, row, event.from_number) if row is not None else None
        return said or _nobody()
    ticket = event.ticket or ""
    item = get_item(tx, int(ticket)) if _ITEM.fullmatch(ticket) else None
    if item is None or item.prompt not in _OURS:
        return None
    row = table.find_bridge_by_item(tx, item.id)
    if row is None:
        return _nobody()
    if row.staff_item_id == item.id:
        return staff_leg.begin(hotline, tx, row, event.carrier)
    return caller_leg.begin(hotline, tx, row, event.from_number) or _nobody()


def _nobody() -> Said:
    """A ring for a bridge that is over, or never was: whoever picked up hears nothing of it."""
    return Said({**new_state(_RING_NOBODY, "km"), "ended": True}, (), TheEnd())


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of somebody who was rung for a bridge."""
    if state["flow"] == caller_leg.FLOW:
        return caller_leg.hear(hotline, tx, state, turn)
    if state["flow"] == staff_leg.FLOW:
        return staff_leg.hear(hotline, tx, state, turn)
    return Said(state, (), TheEnd())


def leg_ended(hotline: Hotline, tx: Transaction, status: CallStatus) -> None:
    """A call that we placed is over; where nobody ever picked up, its bridge is over too."""
    ticket = status.ticket or ""
    row = table.find_bridge_by_item(tx, int(ticket)) if _ITEM.fullmatch(ticket) else None
    if row is None or row.ended_at is not None:
        return
    if row.state == STAFF:
        bridges.settle(hotline, tx, row, NOT_CALLED)
    elif row.state == CALLER and int(ticket) == row.caller_item_id:
        bridges.settle(hotline, tx, row, outcome_of_ring(status.state))
