"""What a staff member does with a case by keys: take it, hear the plan, call, note, close."""

from __future__ import annotations

from collections.abc import Callable

from hotline.core.staff_desk import (
    CHANGED_MEANWHILE,
    CLAIMED,
    CLOSED,
    NO_ATTEMPT_YET,
    NOT_HANDED_OVER,
    SECOND,
    Refusal,
)
from hotline.core.staff_talk import BRIDGE, CLOSE, OFFER, OUTCOME, OWN, TALKING, Talk
from hotline.core.staff_words import (
    CLOSED_AS,
    OUTCOMES,
    REHEARSAL,
    plan_in_words,
    refusal_in_words,
)
from hotline.core.turn import Dialled, HungUp, TheEnd, Turn

TOLD_AFTER = {
    "no_answer": "V_STAFF_DID_NOT_ANSWER",
    "busy": "V_STAFF_IS_BUSY",
    "asked_later": "V_STAFF_ASKED_LATER",
    "wrong_person": "V_STAFF_WRONG_NUMBER",
}
PROMPTS = frozenset(
    {
        *TOLD_AFTER.values(),
        "V_STAFF_CONNECTING",  # said by the bridge
        "V_STAFF_ALREADY",
        "V_STAFF_CHANGED",
        "V_STAFF_CLAIMED",
        "V_STAFF_CLOSED",
        "V_STAFF_NEXT",
        "V_STAFF_NOTED",
        "V_STAFF_NO_ATTEMPT",
        "V_STAFF_NO_HANDOVER",
        "V_STAFF_NO_VOICE",
        "V_STAFF_NUMBER_NONE",
        "V_STAFF_PUT_DOWN",
        "V_STAFF_SECOND",
    }
)


def hear_key(talk: Talk, key: str) -> bool:
    """Do what `key` means where the call is; False if it means nothing there."""
    at = talk.state["at"]
    if at == OUTCOME and key in OUTCOMES:
        _note_outcome(talk, OUTCOMES[key])
        return True
    if at == CLOSE and key in CLOSED_AS:
        _close(talk, CLOSED_AS[key])
        return True
    does = _KEYS.get(at, {}).get(key)
    if does is None:
        return False
    does(talk)
    return True


def ask_again(talk: Talk) -> None:
    at = talk.state["at"]
    if at == OFFER:
        talk.offer()
    elif at == OWN:
        talk.own_case()
    else:
        talk.ask(at)


# ---------------------------------------------------------------- a case nobody has


def _claim(talk: Talk) -> None:
    item, was_page = talk.desk.item(talk.case_id), talk.is_page_open
    came = talk.desk.claim(talk.case_id)
    talk.answer_page()
    if item is not None and item.kind == REHEARSAL:
        talk.goodbye()  # nobody waits for a call
        return
    if came == CLAIMED:
        talk.say("V_STAFF_CLAIMED")
        talk.own_case()
        return
    talk.say("V_STAFF_SECOND" if came == SECOND else "V_STAFF_ALREADY")
    if was_page:
        talk.goodbye()
    else:
        talk.next_case()


def _pass_on(talk: Talk) -> None:
    """Paged: this person cannot. Looking through what waits: the next one."""
    if not talk.is_page_open:
        talk.next_case()
        return
    talk.answer_page()
    talk.desk.hand_on(talk.case_id)
    talk.say("V_STAFF_NEXT")
    talk.goodbye()


# ---------------------------------------------------------------- one's own


def _tell_plan(talk: Talk) -> None:
    plan = talk.desk.plan(talk.case_id)
    if plan is None:
        talk.say("V_STAFF_NUMBER_NONE")
    else:
        talk.said += plan_in_words(plan)
    talk.own_case()


def _play_message(talk: Talk) -> None:
    """The next voice message, after the last one the first again; then the keys as before."""
    place = talk.state["message"]
    address = talk.desk.voice_message(talk.case_id, place)
    if address is None and place:
        place = 0
        address = talk.desk.voice_message(talk.case_id, place)
    if address is None:
        talk.say("V_STAFF_NO_VOICE")
        talk.own_case()
        return
    talk.state.update(message=place + 1, heard=True)
    talk.recording = address
    talk.go(OWN)


def _ask_to_close(talk: Talk) -> None:
    item = talk.desk.item(talk.case_id)
    if item is not None and not item.was_tried:
        talk.say("V_STAFF_NO_ATTEMPT")
        talk.own_case()
    else:
        talk.ask(CLOSE)


def _close(talk: Talk, outcome: str) -> None:
    came = talk.desk.close(talk.case_id, outcome)
    if came == CLOSED:
        talk.say("V_STAFF_CLOSED")
        talk.next_case()
    elif came == NO_ATTEMPT_YET:
        talk.say("V_STAFF_NO_ATTEMPT")
        talk.own_case()
    elif came == NOT_HANDED_OVER:
        talk.say("V_STAFF_NO_HANDOVER")
        talk.own_case()
    elif came == CHANGED_MEANWHILE:
        talk.say("V_STAFF_CHANGED")
        talk.own_case()


def _give_back(talk: Talk) -> None:
    talk.desk.hand_back(talk.case_id)
    talk.say("V_STAFF_NEXT")
    talk.next_case()


# ---------------------------------------------------------------- the bridge


def _connect(talk: Talk) -> None:
    """The caller is rung now. Where the carrier cannot ask them first, this call ends before."""
    bridge = talk.desk.connect(talk.case_id)
    if isinstance(bridge, Refusal):
        talk.said += refusal_in_words(bridge)
        talk.own_case()
        return
    talk.said += bridge.say
    if isinstance(bridge.wait, TheEnd):
        talk.say(*([] if bridge.say else ["V_STAFF_PUT_DOWN"]))
        talk.end()  # the bridge goes on without this call
        return
    talk.state.update(at=TALKING, bridge=bridge.bridge_id)
    talk.wait = bridge.wait


def hear_after_talk(talk: Talk, turn: Turn) -> None:
    """The other phone is out of the call again, whatever told us so."""
    over = turn if isinstance(turn, Dialled | HungUp) else HungUp()
    outcome = talk.desk.talk_over(talk.state["bridge"], over)
    if outcome is None:
        talk.ask(OUTCOME)
        return
    talk.state["bridge"] = None
    talk.say(TOLD_AFTER.get(outcome, "V_STAFF_NOTED"))
    talk.own_case()


def _note_outcome(talk: Talk, outcome: str) -> None:
    talk.desk.note_outcome(talk.case_id, talk.state["bridge"], outcome)
    talk.state["bridge"] = None
    talk.say("V_STAFF_NOTED")
    talk.own_case()


_KEYS: dict[str, dict[str, Callable[[Talk], None]]] = {
    OFFER: {"1": _claim, "2": _pass_on, "9": Talk.offer},
    OWN: {
        "1": _tell_plan,
        "2": lambda talk: talk.ask(BRIDGE),
        "3": lambda talk: talk.ask(OUTCOME),
        "4": _play_message,
        "5": _ask_to_close,
        "6": Talk.next_case,
        "7": _give_back,
        "9": lambda talk: talk.own_case(in_words=True),
    },
    BRIDGE: {"1": _connect, "0": Talk.own_case, "9": lambda talk: talk.ask(BRIDGE)},
    OUTCOME: {"9": lambda talk: talk.ask(OUTCOME)},
    CLOSE: {"0": Talk.own_case, "9": lambda talk: talk.ask(CLOSE)},
}
