"""Silence and wrong keys: each with its own patience, and an offer of help at the end of it."""

from __future__ import annotations

from collections.abc import Callable

from hotline.core.flow import END, Ask, Place, Way
from hotline.core.turn import Digits, Saying, Turn
from hotline.core.walk import ASKING, GOODBYE, LAST_CHANCE, ONE_KEY, Walk

TIMES = 3  # a question is heard, in all, before the caller is let go
CALLBACK = "callback"  # the flow behind the last offer
NO_INPUT, WRONG_KEY = Saying("V_ERR_NOINPUT"), Saying("V_ERR_WRONG_KEY")
LAST_OFFER, FIRST_FACT = Saying("V_ERR_LAST"), Saying("V_FIRST_FACT")
NOT_UNDERSTOOD = Saying("SMS_UNKNOWN")


def hear_nothing(
    walk: Walk,
    give_up: Callable[[], None] | None = None,
    again: Callable[[], None] | None = None,
    is_last: bool = False,
) -> None:
    """Ask again; the third time the step's way for silence, `give_up`, the flow's, the offer."""
    count = walk.state["silences"] + 1
    walk.state["silences"] = count
    step = walk.step
    is_once = isinstance(step.action, Ask) and step.action.is_once
    if count < TIMES and not (is_last or is_once):
        walk.speak(NO_INPUT)
        (again or (lambda: walk.ask(step)))()
        return
    way = step.on_silence if walk.state["phase"] == ASKING else None
    if way is None and give_up is not None:
        give_up()
        return
    _part(walk, way or walk.library.flows[step.flow].on_silence)


def hear_wrong_key(walk: Walk, again: Callable[[], None]) -> None:
    """Say so and ask again; the third time the step's way for wrong keys, the flow's, the offer."""
    count = walk.state["wrong"] + 1
    walk.state["wrong"] = count
    if count < TIMES:
        walk.speak(WRONG_KEY)
        again()
        return
    step = walk.step
    way = step.on_wrong_key if walk.state["phase"] == ASKING else None
    _part(walk, way or walk.library.flows[step.flow].on_wrong_key)


def _part(walk: Walk, way: Way | None) -> None:
    if way is not None and (way.go is not None or way.run is not None):
        walk.jump(way)
        return
    if way is not None:
        walk.do(way)
    _offer_last(walk)


def _offer_last(walk: Walk) -> None:
    """After three failed tries: a call from staff for one key, never blame."""
    if walk.channel != "voice":
        if NOT_UNDERSTOOD.prompt in walk.library.prompts:
            walk.say.append(NOT_UNDERSTOOD)
        walk.finish()
    elif walk.state["has_case"] or CALLBACK not in walk.library.flows:
        let_go(walk)
    else:
        walk.state["phase"] = LAST_CHANCE
        walk.speak(LAST_OFFER)
        walk.wait = ONE_KEY


def hear_last_chance(
    walk: Walk, turn: Turn, everywhere: Callable[[Walk, str, Callable[[], None]], bool]
) -> None:
    """The answer to the last offer: 1 asks for a call, anything else is goodbye."""
    key = turn.keys[:1] if isinstance(turn, Digits) else ""
    if key == "1":
        walk.state["stack"] = []
        walk.follow(Way(run=Place(CALLBACK), go=END))
    elif not key or not everywhere(walk, key, lambda: _offer_last(walk)):
        let_go(walk)


def let_go(walk: Walk) -> None:
    """Goodbye; who never pressed a key has at least heard the one safety fact."""
    if not walk.state["pressed"]:
        walk.speak(FIRST_FACT)
    walk.speak(GOODBYE)
    walk.finish()
