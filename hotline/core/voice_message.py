"""A voice message: kept as soon as it exists, reviewed if the caller likes; by SMS a free text."""

from __future__ import annotations

from hotline.core.everywhere import hear_everywhere
from hotline.core.flow import Record, Step
from hotline.core.silence import TIMES, hear_nothing, hear_wrong_key
from hotline.core.turn import Digits, DropVoice, KeepVoice, OpenCase, Turn, Voice, Words
from hotline.core.walk import ASKING, ONE_KEY, REVIEWING, Walk

SHORTEST_MESSAGE = 1  # seconds; less is a cough or a click
VOICE_CASE = OpenCase("voice_message", "P2", "voice_message")
"""Nobody has heard it yet: it may be danger that is told in it."""


def hear_message(walk: Walk, step: Step, record: Record, turn: Turn) -> None:
    if isinstance(turn, Voice) and turn.seconds >= SHORTEST_MESSAGE:
        keep_voice(walk, turn.recording)
        _after_voice(walk, step, record)
    elif walk.state["phase"] == REVIEWING:
        _hear_review(walk, step, record, turn)
    elif isinstance(turn, Words):
        _hear_free_text(walk, step, turn)
    elif isinstance(turn, Digits) and hear_everywhere(walk, turn.keys[:1], walk.ask_afresh):
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

    if not isinstance(turn, Digits):
        hear_nothing(walk, send, again)
        return
    key = turn.keys[:1]
    if key == "1":
        send()
    elif key == "2":
        walk.state.update(phase=ASKING, silences=0, wrong=0)
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
    if tries < TIMES:
        walk.tell(record.empty)
        walk.ask(step)
        return
    hear_nothing(walk, None, is_last=True)
