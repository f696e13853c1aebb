"""A call event or a text as plain JSON and back: for what had to wait outside the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hotline.core.events import CallEvent, TextEvent
from hotline.core.turn import Dialled, Digits, HungUp, Silence, Turn, Voice, Words

_TURNS: dict[str, type[Turn]] = {
    kind.__name__: kind for kind in (Digits, Words, Voice, Silence, HungUp, Dialled)
}

Event = CallEvent | TextEvent


def record_event(event: Event) -> dict[str, Any]:
    if isinstance(event, TextEvent):
        return {"text": asdict(event)}
    told = asdict(event)
    told["turn"], told["afterwards"] = _record(event.turn), _record(event.afterwards)
    return {"call": told}


def read_event(record: dict[str, Any]) -> Event:
    """Raises KeyError or TypeError for what `record_event` never wrote."""
    if "text" in record:
        return TextEvent(**record["text"])
    told = dict(record["call"])
    told["turn"], told["afterwards"] = _read(told["turn"]), _read(told["afterwards"])
    return CallEvent(**told)


def _record(turn: Turn | None) -> list[Any] | None:
    return None if turn is None else [type(turn).__name__, asdict(turn)]


def _read(record: list[Any] | None) -> Turn | None:
    return None if record is None else _TURNS[record[0]](**record[1])
