"""What a caller does at a question: keys, words, a number, a voice message."""

from __future__ import annotations

from collections.abc import Callable

from hotline.core.flow import HOME, VOICE, Ask, Number, Record, Step, Way
from hotline.core.short_answer import fold_answer
from hotline.core.silence import hear_nothing, hear_wrong_key
from hotline.core.turn import (
    DropVoice,
    FlagCase,
    KeepVoice,
    OpenCase,
    Saying,
    Turn,
    Voice,
    Words,
)
from hotline.core.turn import Digits as Keys
from hotline.core.walk import CONFIRMING, ONE_KEY, QUICK_EXIT, REVIEWING, Walk

DIGIT_SAYINGS = {str(n): Saying(f"V_DIGIT_{n}") for n in range(10)}
CALLING_NUMBER = (("number", "calling"),)
SHORTEST_MESSAGE = 1  # seconds; less is a cough or a click
VOICE_CASE = OpenCase("voice_message", "P3", "voice_message")


def listen(walk: Walk, turn: Turn) -> None:
    """A turn at the open question of a step."""
    step = walk.step
    action = step.action
    if isinstance(action, Ask):
        _hear_choice(walk, action, turn)
    elif isinstance(action, Number):
        _hear_number(walk, step, action, turn)
    elif isinstance(action, Record):
        _hear_voice(walk, step, action, turn)


def hear_everywhere(walk: Walk, key: str, again: Callable[[], None]) -> bool:
    """9, 0 and * mean the same at every question; False for any other key."""
    if key == "9":
        walk.state.update(silences=0, wrong=0)
        again()
    elif key == "0":
        walk.move(HOME)
    elif key == "*":
        leave_quickly(walk)
    else:
        return False
    return True


def leave_quickly(walk: Walk) -> None:
    """A harmless message, then the end: whoever listens learns nothing."""
    walk.flag("quick_exit")
    walk.speak(QUICK_EXIT)
    walk.finish()


# ---------------------------------------------------------------- one key


def _hear_choice(walk: Walk, ask: Ask, turn: Turn) -> None:
    if isinstance(turn, Words):
        key = ask.words.get(fold_answer(turn.text), "")
    elif isinstance(turn, Keys):
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
    if isinstance(turn, Keys):
        return turn.keys.replace("#", "")
    if isinstance(turn, Words):
        return fold_answer(turn.text).replace(" ", "")
    return None


def read_number(number: Number, typed: str) -> str | None:
    """What is kept of the keys, or None when they cannot be such a number."""
    if not typed.isascii() or not typed.isdecimal() or len(typed) > max(number.longest, 10):
        return None
    if number.kind == "phone":
        return normalise(typed)
    return str(int(typed)) if number.kind == "count" else typed


def _ask_confirmation(walk: Walk, number: Number) -> None:
    walk.state["phase"] = CONFIRMING
    walk.tell(number.before)
    for digit in walk.state["typed"]:
        walk.speak(DIGIT_SAYINGS[digit])
    walk.tell(number.after)
    walk.wait = ONE_KEY


def _hear_confirmation(walk: Walk, step: Step, number: Number, turn: Turn) -> None:
    def again() -> None:
        _ask_confirmation(walk, number)

    if not isinstance(turn, Keys):
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
    walk.state.update(phase="ask", silences=0, wrong=0)
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


def normalise(typed: str) -> str | None:
    """A Cambodian number as it is keyed, in international form."""
    if typed.startswith("0") and len(typed) in (9, 10):
        return f"+855{typed[1:]}"
    return None


# ---------------------------------------------------------------- a voice message


def _hear_voice(walk: Walk, step: Step, record: Record, turn: Turn) -> None:
    if isinstance(turn, Voice) and turn.seconds >= SHORTEST_MESSAGE:
        keep_voice(walk, turn.recording)
        _after_voice(walk, step, record)
    elif walk.state["phase"] == REVIEWING:
        _hear_review(walk, step, record, turn)
    elif isinstance(turn, Words):
        _hear_free_text(walk, step, turn)
    elif isinstance(turn, Keys) and hear_everywhere(walk, turn.keys[:1], walk.ask_afresh):
        return
    else:
        _hear_empty(walk, step, record)


def keep_voice(walk: Walk, recording: str) -> None:
    """Kept as soon as it exists, whatever the caller does next; a second one takes its place."""
    if not walk.state["has_case"]:
        walk.open_case(VOICE_CASE)
    if walk.state["recording"]:
        walk.effects.append(DropVoice(walk.state["recording"]))
    walk.effects.append(KeepVoice(recording))
    walk.state["recording"] = recording


def _after_voice(walk: Walk, step: Step, record: Record) -> None:
    if record.review is None:
        walk.state["recording"] = ""
        walk.follow(step.way)
        return
    walk.state.update(phase=REVIEWING, silences=0, wrong=0, tries=0)
    _ask_review(walk, record)


def _ask_review(walk: Walk, record: Record) -> None:
    walk.tell(record.review)
    walk.wait = ONE_KEY


def _hear_review(walk: Walk, step: Step, record: Record, turn: Turn) -> None:
    """1 sends, 2 records again, 3 deletes. Silence sends: the message was meant."""

    def again() -> None:
        _ask_review(walk, record)

    def send() -> None:
        walk.state["recording"] = ""
        walk.follow(step.way)

    if not isinstance(turn, Keys):
        hear_nothing(walk, send, again)
        return
    key = turn.keys[:1]
    if key == "1":
        send()
    elif key == "2":
        walk.state.update(phase="ask", silences=0, wrong=0)
        walk.ask(step)
    elif key == "3":
        _delete(walk, step, record)
    elif not hear_everywhere(walk, key, again):
        hear_wrong_key(walk, again)


def _delete(walk: Walk, step: Step, record: Record) -> None:
    walk.effects.append(DropVoice(walk.state["recording"]))
    walk.state["recording"] = ""
    walk.tell(record.deleted)
    walk.follow(record.on_delete or step.way)


def _hear_free_text(walk: Walk, step: Step, turn: Words) -> None:
    """By SMS the message is a text; it goes to the case and nowhere else."""
    if not walk.state["has_case"]:
        walk.open_case(VOICE_CASE)
    walk.add_message(turn.text)
    walk.follow(step.way)


def _hear_empty(walk: Walk, step: Step, record: Record) -> None:
    tries = walk.state["tries"] + 1
    walk.state["tries"] = tries
    if tries < 3:
        walk.tell(record.empty)
        walk.ask(step)
        return
    hear_nothing(walk, None, is_last=True)


def hang_up_effects(walk: Walk, step: Step) -> None:
    """A number read back and not yet confirmed is kept, marked; else what the flows say."""
    action = step.action
    if isinstance(action, Number) and walk.state["phase"] == CONFIRMING:
        _add_number(walk, action, read_number(action, walk.state["typed"]) or "")
        if walk.state["has_case"]:
            walk.effects.append(FlagCase("number_unconfirmed"))
    way = _hang_up_way(walk, step)
    if way is not None:
        walk.do(way)


def _hang_up_way(walk: Walk, step: Step) -> Way | None:
    """The step's, else the flow's, else that of a flow it was to come back to."""
    if step.on_hang_up is not None:
        return step.on_hang_up
    waiting = [frame[2] for frame in reversed(walk.state["stack"])]
    for name in (step.flow, *waiting):
        flow = walk.library.flows.get(name)
        if flow is not None and flow.on_hang_up is not None:
            return flow.on_hang_up
    return None
