"""A staff member on the phone, turn by turn: paged by a call, or ringing the line.

A pure machine: the state is plain JSON, `desk` does what leaves a mark. Before the right PIN it
says nothing about any case and asks the desk for nothing but the PIN.
"""

from __future__ import annotations

from hotline.core import staff_case
from hotline.core.pin_rules import may_be_a_pin
from hotline.core.staff_desk import LOCKED, MINE, NOBODY, NONE_SET, RIGHT, StaffDesk
from hotline.core.staff_talk import (
    OWN,
    PAGE,
    PIN,
    RINGS,
    TALKING,
    TIMES,
    Spoken,
    Talk,
)
from hotline.core.turn import Dialled, Digits, HungUp, State, Turn

WRONG_PINS = 3
"""After so many in one call it ends."""

AS_CALLER = "0"
"""Pressed instead of a PIN: whoever has this phone wants the line as everybody hears it."""

_GREETING = {PAGE: "V_STAFF_PAGE", RINGS: "V_STAFF_HELLO"}
PROMPTS = frozenset(
    {
        *_GREETING.values(),
        "V_ERR_NOINPUT",
        "V_ERR_WRONG_KEY",
        "V_STAFF_ALREADY",
        "V_STAFF_BAD_PIN",
        "V_STAFF_LOCKED",
        "V_STAFF_NO_PIN",
    }
)


def begin(
    desk: StaffDesk, state: State, *, paged: int | None = None, pin_keys: int | None
) -> Spoken:
    """The first words. `state` is a new one of flow PAGE (with the case `paged`) or RINGS.

    `pin_keys` is how many keys this person's PIN has; None: they have none.
    """
    kept: State = {
        "pin_keys": pin_keys,
        "at": PIN,
        "let_in": False,
        "wrong": 0,
        "misses": 0,
        "seen": [],
        "heard": False,
    }
    case = {"paged": paged, "answered": False, "case": None, "message": 0, "bridge": None}
    talk = Talk(desk, {**state, **kept, **case})
    if pin_keys is not None:
        _ask_pin(talk)
    else:
        talk.say("V_STAFF_NO_PIN")
        talk.end()
    return talk.spoken()


def hear(desk: StaffDesk, state: State, turn: Turn) -> Spoken:
    """One turn on."""
    talk = Talk(desk, dict(state))
    if isinstance(turn, HungUp):
        _hang_up(talk)
    elif state["ended"]:
        talk.end()
    elif not state["let_in"]:
        return _hear_pin(talk, turn)
    elif state["at"] == TALKING:
        staff_case.hear_after_talk(talk, turn)
    else:
        _hear_key(talk, turn)
    return talk.spoken()


def _hang_up(talk: Talk) -> None:
    talk.state["hung_up"] = True
    talk.end()


# ---------------------------------------------------------------- the PIN


def _ask_pin(talk: Talk) -> None:
    talk.state["at"] = PIN
    talk.say(_GREETING[talk.state["flow"]])
    talk.wait = talk.pin_keys


def _hear_pin(talk: Talk, turn: Turn) -> Spoken:
    keys = turn.keys.rstrip("#") if isinstance(turn, Digits) else ""
    if keys == AS_CALLER and not talk.is_page:
        return _as_caller(talk)
    if may_be_a_pin(keys):
        _check_pin(talk, keys)
        return talk.spoken()
    # Silence, or keys that are nobody's PIN: somebody else has picked up, or wants to listen.
    talk.state["misses"] += 1
    if not talk.is_page and talk.state["misses"] >= TIMES - 1:
        return _as_caller(talk)
    if talk.state["misses"] >= TIMES:
        talk.goodbye()
    else:
        _ask_pin(talk)
    return talk.spoken()


def _as_caller(talk: Talk) -> Spoken:
    return Spoken(talk.state, (), talk.wait, as_caller=True)


def _check_pin(talk: Talk, keys: str) -> None:
    answer = talk.desk.check_pin(keys)
    if answer == RIGHT:
        talk.state.update(let_in=True, misses=0)
        _let_in(talk)
        return
    if answer in (LOCKED, NONE_SET):
        talk.say(*(["V_STAFF_LOCKED"] if answer == LOCKED else []))
        talk.goodbye()
        return
    talk.state["wrong"] += 1
    if talk.state["wrong"] >= WRONG_PINS:
        talk.goodbye()
        return
    talk.say("V_STAFF_BAD_PIN")
    talk.wait = talk.pin_keys


def _let_in(talk: Talk) -> None:
    if not talk.is_page:
        talk.next_case()
        return
    talk.turn_to(int(talk.state["paged"]))
    item = talk.desk.item(talk.case_id)
    if item is not None and item.holder == NOBODY:
        talk.offer()
        return
    talk.answer_page()  # nothing is left to be answered
    if item is not None and item.holder == MINE:
        talk.own_case(in_words=True)
    else:
        talk.say("V_STAFF_ALREADY")
        talk.goodbye()


# ---------------------------------------------------------------- keys


def _hear_key(talk: Talk, turn: Turn) -> None:
    """A key for the place where the call is; silence and wrong keys end it kindly, in the end."""
    after_message, talk.state["heard"] = talk.state["heard"], False
    key = turn.keys[0] if isinstance(turn, Digits) else ""
    if key and staff_case.hear_key(talk, key):
        talk.state["misses"] = 0
        return
    if not key and after_message and talk.state["at"] == OWN:
        talk.own_case()  # the keys were not told again before the message
        return
    talk.state["misses"] += 1
    if talk.state["misses"] >= TIMES:
        talk.goodbye()
        return
    if not isinstance(turn, Dialled):
        talk.say("V_ERR_WRONG_KEY" if key else "V_ERR_NOINPUT")
    staff_case.ask_again(talk)
