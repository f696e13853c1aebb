"""The caller's end of a bridge: neutral first words, one key, and nobody connected without it.

Who picks up may be anybody, or a machine. Nothing is said of a child, a case or a topic; who
presses nothing twice hears no word more.
"""

from __future__ import annotations

from typing import Any

from hotline import bridges, safe_calling, staffing
from hotline.core.bridge_call import (
    CALLER,
    MOST_SILENCES,
    NO_ANSWER,
    NO_STAFF,
    OUTCOME_OF_KEY,
    REACHED,
    SCREENED,
    STAFF_RING_SECONDS,
    TALKING,
    WRONG,
    YES,
)
from hotline.core.turn import (
    Connect,
    Dialled,
    Digits,
    HungUp,
    LetThrough,
    OneKey,
    Saying,
    State,
    TheEnd,
    Turn,
    Wait,
)
from hotline.dialog import Said, new_state
from hotline.parts import Hotline
from hotline.storage.bridge import get_bridge
from hotline.storage.case import get_case
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

FLOW = "bridge.caller"


def begin(hotline: Hotline, tx: Transaction, row: Any, from_number: str | None) -> Said | None:
    """The first words; None unless it is this bridge's caller whom we have just rung."""
    case = get_case(tx, row.case_id)
    if row.state != CALLER or not _is_right_phone(hotline, tx, row, case, from_number):
        return None
    prompt = safe_calling.opening(hotline, tx, case)
    language = safe_calling.language_of(tx, case)
    state = new_state(FLOW, language, bridge=row.id, prompt=prompt, silences=0, asked=True)
    return Said(state, (Saying(prompt),), OneKey(), row.case_id)


def _is_right_phone(
    hotline: Hotline, tx: Transaction, row: Any, case: Any, from_number: str | None
) -> bool:
    """A screened leg is known by a short ticket, so the number must fit as well."""
    if row.mode != SCREENED:
        return True
    known = safe_calling.known_of(hotline, tx, case)
    return known is not None and from_number == known.number


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of the caller."""
    row = get_bridge(tx, state["bridge"])
    assert row is not None
    match turn:
        case HungUp() | Dialled():
            return _is_over(hotline, tx, row, state, turn)
        case Digits(keys) if not state["asked"]:
            return _stop(row, state)
        case Digits(keys) if keys == YES:
            return _connect(hotline, tx, row, state)
        case Digits(keys) if keys in OUTCOME_OF_KEY:
            _settle_if_asked(hotline, tx, row, OUTCOME_OF_KEY[keys])
            return _stop(row, state, "V_CB_WRONG" if keys == WRONG else "V_CB_LATER")
        case _:
            return _ask_again(hotline, tx, row, state)


def _ask_again(hotline: Hotline, tx: Transaction, row: Any, state: State) -> Said:
    silences = state["silences"] + 1
    if silences >= MOST_SILENCES:
        _settle_if_asked(hotline, tx, row, NO_ANSWER)
        return _stop(row, state)
    question = (Saying(state["prompt"]),)
    return Said({**state, "silences": silences}, question, OneKey(), row.case_id)


def _connect(hotline: Hotline, tx: Transaction, row: Any, state: State) -> Said:
    if not bridges.accept(hotline, tx, row.id):
        bridges.tell_holder(hotline, tx, get_case(tx, row.case_id), f"bridge:{row.id}:too_late")
        return _stop(row, state, "V_CB_NO_STAFF", rings=frozenset({"alerts"}))
    say = (Saying("V_CB_CONNECTING"),)
    asked = {**state, "asked": False}
    wait: Wait = LetThrough()
    if row.mode == SCREENED:  # what follows is heard on the staff member's end
        return Said({**asked, "ended": True}, say, wait, row.case_id)
    phone = staffing.phone_of(hotline, get_staff(tx, row.staff_id))
    wait = Connect(phone, STAFF_RING_SECONDS)
    return Said(asked, say, wait, row.case_id)


def _is_over(hotline: Hotline, tx: Transaction, row: Any, state: State, turn: Turn) -> Said:
    """They put the phone down; or, apart, the staff member's phone was rung and that is over."""
    if row.state == CALLER:
        bridges.settle(hotline, tx, row, NO_ANSWER)
    elif row.state == TALKING and row.mode != SCREENED:
        if not _was_staff_there(hotline, row, turn):
            bridges.settle(hotline, tx, row, NO_STAFF)
            return _stop(row, state, "V_CB_NO_STAFF", rings=frozenset({"alerts", "chores"}))
        bridges.settle(hotline, tx, row, REACHED)
    return _stop(row, state)


def _was_staff_there(hotline: Hotline, row: Any, turn: Turn) -> bool:
    if isinstance(turn, Dialled):
        return turn.status == "completed"
    # Hung up with no word on the ring: a staff member who had not answered by the end of it
    # would have been told of, so whoever stayed on for longer was talking.
    waited = (hotline.now() - row.accepted_at).total_seconds()
    return bool(waited > STAFF_RING_SECONDS)


def _settle_if_asked(hotline: Hotline, tx: Transaction, row: Any, outcome: str) -> None:
    if row.state == CALLER:
        bridges.settle(hotline, tx, row, outcome)


def _stop(row: Any, state: State, *prompts: str, rings: frozenset[str] = frozenset()) -> Said:
    say = tuple(Saying(prompt) for prompt in prompts)
    return Said({**state, "ended": True}, say, TheEnd(), row.case_id, rings=rings)
