"""An answer as plain JSON and back, so that the same turn told twice gets the same answer."""

from __future__ import annotations

from typing import Any

from hotline.core.answer import Answer
from hotline.core.turn import (
    Connect,
    LetThrough,
    ManyKeys,
    OneKey,
    Saying,
    Speech,
    TheEnd,
    TurnAway,
    Wait,
)


def record_answer(answer: Answer) -> list[Any]:
    said = [[saying.prompt, *map(list, saying.values)] for saying in answer.say]
    return [answer.next_number, answer.language, said, _record_wait(answer.wait), answer.recording]


def read_answer(record: list[Any]) -> Answer:
    number, language, said, wait, recording = record
    sayings = tuple(
        Saying(prompt, tuple((name, value) for name, value in values)) for prompt, *values in said
    )
    return Answer(language, sayings, _read_wait(wait), number, recording)


def _record_wait(wait: Wait) -> list[Any]:
    match wait:
        case OneKey():
            return ["one"]
        case ManyKeys(longest, seconds):
            return ["many", longest, seconds]
        case Speech(seconds):
            return ["speech", seconds]
        case TheEnd():
            return ["end"]
        case Connect(number, ring_seconds, screen):
            return ["connect", number, ring_seconds, screen]
        case LetThrough():
            return ["let_through"]
        case TurnAway():
            return ["turn_away"]


def _read_wait(record: list[Any]) -> Wait:
    match record:
        case ["one"]:
            return OneKey()
        case ["many", longest, *seconds]:  # what the version before wrote has no seconds
            return ManyKeys(longest, *seconds)
        case ["speech", seconds]:
            return Speech(seconds)
        case ["connect", number, ring_seconds, screen]:
            return Connect(number, ring_seconds, screen)
        case ["let_through"]:
            return LetThrough()
        case ["turn_away"]:
            return TurnAway()
        case _:
            return TheEnd()
