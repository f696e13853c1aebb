"""What a carrier told us as plain JSON and back: for what had to wait outside the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent
from hotline.core.turn import Dialled, Digits, HungUp, Silence, Turn, Voice, Words

_TURNS: dict[str, type[Turn]] = {
    kind.__name__: kind for kind in (Digits, Words, Voice, Silence, HungUp, Dialled)
}

_PlainEvent = TextEvent | CallStatus | RecordingEvent | Receipt
Event = CallEvent | _PlainEvent

_PLAIN: dict[str, type[_PlainEvent]] = {
    "text": TextEvent,
    "call_end": CallStatus,
    "recording": RecordingEvent,
    "receipt": Receipt,
}
_NAMES = {kind: name for name, kind in _PLAIN.items()}


def record_event(event: Event) -> dict[str, Any]:
    told = asdict(event)
    if not isinstance(event, CallEvent):
        return {_NAMES[type(event)]: told}
    told["turn"], told["afterwards"] = _record(event.turn), _record(event.afterwards)
    return {"call": told}


def read_event(record: dict[str, Any]) -> Event:
    """Raises KeyError or TypeError for what `record_event` never wrote."""
    for name, kind in _PLAIN.items():
        if name in record:
            return kind(**record[name])
    told = dict(record["call"])
    told["turn"], told["afterwards"] = _read(told["turn"]), _read(told["afterwards"])
    return CallEvent(**told)


def _record(turn: Turn | None) -> list[Any] | None:
    return None if turn is None else [type(turn).__name__, asdict(turn)]


def _read(record: list[Any] | None) -> Turn | None:
    return None if record is None else _TURNS[record[0]](**record[1])
