"""The staff member's end of a bridge that was asked for at the desk: their phone rings first.

The caller is rung only after key 1, which an answering machine does not press, and after the PIN
of whoever has one. Before every ring the gate is asked again: meanwhile a window may have closed.
"""

from __future__ import annotations

from typing import Any

from hotline import bridges, pins, safe_calling
from hotline.core.bridge_call import GIVEN_UP, MOST_SILENCES, STAFF
from hotline.core.staff_call import WRONG_PINS
from hotline.core.staff_case import TOLD_AFTER
from hotline.core.staff_talk import PIN_SECONDS
from hotline.core.staff_words import OUTCOMES
from hotline.core.turn import (
    Dialled,
    Digits,
    HungUp,
    ManyKeys,
    OneKey,
    Saying,
    State,
    TheEnd,
    Turn,
    Wait,
)
from hotline.dialog import Said, new_state
from hotline.parts import Hotline
from hotline.pins import Pin
from hotline.storage.bridge import get_bridge
from hotline.storage.case import get_case
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

FLOW = "bridge.staff"
_SAYS_NEVER = frozenset({"said_no", "quiet_sign"})
_SAYS_NOT_NOW = frozenset({"outside_window", "night"})
_BYE, _CANNOT = "V_STAFF_BYE", "V_STAFF_REFUSED"


def begin(hotline: Hotline, tx: Transaction, row: Any, carrier: str) -> Said:
    """The first words to the staff member."""
    member = get_staff(tx, row.staff_id)
    state = new_state(FLOW, member.language, bridge=row.id, carrier=carrier, misses=0, step="one")
    if row.state != STAFF:
        return _end(row, state, _CANNOT, _BYE)
    keys = pins.keys_of_pin(member)
    if keys is None:
        return _say(row, state, OneKey(), "V_STAFF_BRIDGE")
    asked = {**state, "step": "pin", "pin_keys": keys}
    return _say(row, asked, ManyKeys(keys, PIN_SECONDS), "V_STAFF_PAGE")


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of the staff member."""
    row = get_bridge(tx, state["bridge"])
    assert row is not None
    if isinstance(turn, HungUp):
        return _hung_up(hotline, tx, row, state)
    match state["step"]:
        case "pin":
            return _pin(hotline, tx, row, state, turn)
        case "one":
            return _one(hotline, tx, row, state, turn)
        case "talk" if isinstance(turn, Dialled):
            return _talked(hotline, tx, row, state, turn)
        case "outcome":
            return _outcome(hotline, tx, row, state, turn)
        case _:
            return _end(row, state, _BYE)


def _pin(hotline: Hotline, tx: Transaction, row: Any, state: State, turn: Turn) -> Said:
    keys = turn.keys if isinstance(turn, Digits) else ""
    found = pins.check(hotline, tx, get_staff(tx, row.staff_id), keys)
    if found is Pin.RIGHT:
        return _say(row, {**state, "step": "one", "misses": 0}, OneKey(), "V_STAFF_BRIDGE")
    misses = state["misses"] + 1
    if found is Pin.LOCKED or misses >= WRONG_PINS:
        bridges.settle(hotline, tx, row, GIVEN_UP)
        return _end(row, state, *(("V_STAFF_LOCKED",) if found is Pin.LOCKED else (_BYE,)))
    wait = ManyKeys(state["pin_keys"], PIN_SECONDS)
    return _say(row, {**state, "misses": misses}, wait, "V_STAFF_BAD_PIN")


def _one(hotline: Hotline, tx: Transaction, row: Any, state: State, turn: Turn) -> Said:
    if isinstance(turn, Digits) and turn.keys == "1":
        return _connect(hotline, tx, row, state)
    misses = state["misses"] + 1
    if misses >= MOST_SILENCES:
        bridges.settle(hotline, tx, row, GIVEN_UP)
        return _end(row, state, _BYE)
    return _say(row, {**state, "misses": misses}, OneKey(), "V_STAFF_BRIDGE")


def _connect(hotline: Hotline, tx: Transaction, row: Any, state: State) -> Said:
    case, member = get_case(tx, row.case_id), get_staff(tx, row.staff_id)
    gate = safe_calling.gate(hotline, tx, case)
    is_open = gate.allowed or (row.overridden and gate.may_be_overridden_by(member.role))
    if not is_open or not safe_calling.may_call(case, member):
        bridges.settle(hotline, tx, row, GIVEN_UP)
        return _end(row, state, _refusal(gate.why), _BYE)
    bridging = bridges.ring_caller(hotline, tx, row.id, case, state["carrier"])
    if bridging is None:
        return _end(row, state, _CANNOT, _BYE)
    step, ended = ("done", True) if isinstance(bridging.wait, TheEnd) else ("talk", False)
    state = {**state, "step": step, "ended": ended}
    return Said(state, bridging.say, bridging.wait, row.case_id, rings=bridging.rings)


def _refusal(why: str) -> str:
    if why in _SAYS_NEVER:
        return "V_STAFF_REFUSED_NEVER"
    return "V_STAFF_REFUSED_TIME" if why in _SAYS_NOT_NOW else _CANNOT


def _talked(hotline: Hotline, tx: Transaction, row: Any, state: State, turn: Dialled) -> Said:
    outcome = bridges.talk_over(hotline, tx, row.id, turn)
    if outcome is None:
        return _say(row, {**state, "step": "outcome", "misses": 0}, OneKey(), "V_STAFF_OUTCOME")
    return _end(row, state, TOLD_AFTER.get(outcome, "V_STAFF_NOTED"), _BYE)


def _outcome(hotline: Hotline, tx: Transaction, row: Any, state: State, turn: Turn) -> Said:
    outcome = OUTCOMES.get(turn.keys) if isinstance(turn, Digits) else None
    if outcome is not None:
        bridges.note_outcome(hotline, tx, row.id, outcome)
        return _end(row, state, "V_STAFF_NOTED", _BYE)
    misses = state["misses"] + 1
    if misses >= MOST_SILENCES:
        bridges.talk_over(hotline, tx, row.id, HungUp())
        return _end(row, state, _BYE)
    return _say(row, {**state, "misses": misses}, OneKey(), "V_STAFF_OUTCOME")


def _hung_up(hotline: Hotline, tx: Transaction, row: Any, state: State) -> Said:
    if state["step"] in ("talk", "outcome"):
        bridges.talk_over(hotline, tx, row.id, HungUp())
    elif row.state == STAFF:
        bridges.settle(hotline, tx, row, GIVEN_UP)
    return _end(row, state)


def _say(row: Any, state: State, wait: Wait, prompt: str) -> Said:
    return Said(state, (Saying(prompt),), wait, row.case_id)


def _end(row: Any, state: State, *prompts: str) -> Said:
    say = tuple(Saying(prompt) for prompt in prompts)
    return Said({**state, "ended": True}, say, TheEnd(), row.case_id)
