"""What a caller does at a question: keys, words, a number, a voice message."""

from __future__ import annotations

from hotline.core.everywhere import hang_up_way, hear_everywhere, leave_quickly
from hotline.core.flow import VOICE, Ask, Number, Record, Step
from hotline.core.phone_number import normalise
from hotline.core.short_answer import fold_answer
from hotline.core.silence import hear_nothing, hear_wrong_key
from hotline.core.turn import Digits, FlagCase, Saying, Turn, Words
from hotline.core.voice_message import hear_message
from hotline.core.walk import ASKING, CONFIRMING, ONE_KEY, Walk

DIGIT_SAYINGS = {str(n): Saying(f"V_DIGIT_{n}") for n in range(10)}
_LONGEST = 20  # signs; no phone number is longer
CALLING_NUMBER = (("number", "calling"),)


def listen(walk: Walk, turn: Turn) -> None:
    """A turn at the open question of a step."""
    step = walk.step
    action = step.action
    if isinstance(action, Ask):
        _hear_choice(walk, action, turn)
    elif isinstance(action, Number):
        _hear_number(walk, step, action, turn)
    elif isinstance(action, Record):
        hear_message(walk, step, action, turn)


# ---------------------------------------------------------------- one key


def _hear_choice(walk: Walk, ask: Ask, turn: Turn) -> None:
    if isinstance(turn, Words):
        key = ask.words.get(fold_answer(turn.text), "")
    elif isinstance(turn, Digits):
        key = turn.keys[:1]
    else:
        hear_nothing(walk)
        return
    way = ask.choices.get(key)
    if way is not None:
        walk.jump(way)
    elif isinstance(turn, Words) or not hear_everywhere(walk, key, walk.ask_afresh):
        hear_wrong_key(walk, lambda: walk.ask(walk.step))


# ---------------------------------------------------------------- a number


def _hear_number(walk: Walk, step: Step, number: Number, turn: Turn) -> None:
    if walk.state["phase"] == CONFIRMING:
        _hear_confirmation(walk, step, number, turn)
        return
    typed = _typed(turn)
    if typed is None:
        hear_nothing(walk, lambda: _go_without_number(walk, step, number))
    elif "*" in typed:
        leave_quickly(walk)
    elif typed == "9" and number.kind != "count":
        walk.ask_afresh()
    elif (value := read_number(number, typed)) is None:
        _hear_bad_number(walk, step, number)
    elif number.after is None or walk.channel != VOICE:
        _keep_number(walk, step, number, value)
    else:
        walk.state.update(typed=typed, silences=0, wrong=0)
        _ask_confirmation(walk, number)


def _typed(turn: Turn) -> str | None:
    """What was keyed, without the sign many callers end with; None when nothing was."""
    if isinstance(turn, Digits):
        return turn.keys.replace("#", "")
    if isinstance(turn, Words):
        return fold_answer(turn.text).replace(" ", "")
    return None


def read_number(number: Number, typed: str) -> str | None:
    """What is kept of the keys, or None when they cannot be such a number."""
    if len(typed) > _LONGEST:
        return None
    if number.kind == "phone":
        return normalise(typed)
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > number.longest:
        return None
    return str(int(typed)) if number.kind == "count" else typed


def _ask_confirmation(walk: Walk, number: Number) -> None:
    walk.state["phase"] = CONFIRMING
    walk.tell(number.before)
    for digit in walk.state["typed"]:
        if digit in DIGIT_SAYINGS:
            walk.speak(DIGIT_SAYINGS[digit])
    walk.tell(number.after)
    walk.wait = ONE_KEY


def _hear_confirmation(walk: Walk, step: Step, number: Number, turn: Turn) -> None:
    def again() -> None:
        _ask_confirmation(walk, number)

    if not isinstance(turn, Digits):
        hear_nothing(walk, lambda: keep_unconfirmed(walk, step, number), again)
        return
    key = turn.keys[:1]
    if key == "1":
        value = read_number(number, walk.state["typed"])
        _keep_number(walk, step, number, value or "")
    elif key == "2":
        walk.state["typed"] = ""
        _hear_bad_number(walk, step, number, is_corrected=True)
    elif not hear_everywhere(walk, key, again):
        hear_wrong_key(walk, again)


def _hear_bad_number(walk: Walk, step: Step, number: Number, is_corrected: bool = False) -> None:
    """Once more; after the last try the call goes on without this number."""
    tries = walk.state["tries"] + 1
    walk.state["tries"] = tries
    if tries >= number.tries:
        _go_without_number(walk, step, number)
        return
    walk.state.update(phase=ASKING, silences=0, wrong=0)
    if not is_corrected:
        walk.tell(number.bad)
    walk.ask(step)


def _keep_number(walk: Walk, step: Step, number: Number, value: str) -> None:
    walk.state["typed"] = ""
    _add_number(walk, number, value)
    walk.follow(step.way)


def _add_number(walk: Walk, number: Number, value: str) -> None:
    pair = ((number.name, value),)
    if number.into == "plan":
        walk.add(plan=pair)
    else:
        walk.add(notes=pair)


def keep_unconfirmed(walk: Walk, step: Step, number: Number) -> None:
    """Read back and not answered: better an unsure number, marked so, than none."""
    value = read_number(number, walk.state["typed"])
    walk.state["typed"] = ""
    _add_number(walk, number, value or "")
    walk.flag("number_unconfirmed")
    walk.follow(step.way)


def _go_without_number(walk: Walk, step: Step, number: Number) -> None:
    walk.state["typed"] = ""
    if number.kind == "phone" and number.into == "plan":
        walk.add(plan=CALLING_NUMBER if number.name == "number" else ())
        if not walk.around.can_be_rung:
            walk.flag("no_number")
    walk.follow(number.failed or step.way)


def hang_up_effects(walk: Walk, step: Step) -> None:
    """A number read back and not yet confirmed is kept, marked; else what the flows say."""
    action = step.action
    if isinstance(action, Number) and walk.state["phase"] == CONFIRMING:
        _add_number(walk, action, read_number(action, walk.state["typed"]) or "")
        if walk.state["has_case"]:
            walk.effects.append(FlagCase("number_unconfirmed"))
    way = hang_up_way(walk, step)
    if way is not None:
        walk.do(way)
