"""What waits outside the database comes back as it was."""

from __future__ import annotations

import json

import pytest

from hotline.core.event_record import Event, read_event, record_event
from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent
from hotline.core.turn import Dialled, Digits, HungUp, Voice

MOTHER, LINE = "+85512345678", "+85523900900"

EVENTS: tuple[Event, ...] = (
    CallEvent("twilio", "CA1", 0, None, LINE, None),
    CallEvent("twilio", "CA1", 3, MOTHER, LINE, Digits("1"), language="km"),
    CallEvent("somleng", "CA1", 4, MOTHER, LINE, Voice("RE1", 7), afterwards=HungUp()),
    CallEvent("twilio", "CA2", 2, MOTHER, LINE, Dialled("completed", 9), outbound=True, ticket="7"),
    TextEvent("twilio", "SM1", MOTHER, LINE, "ជួយ", opt_out="STOP", media=1),
    CallStatus("twilio", "CA1", "no-answer", None, MOTHER, outbound=True, ticket="7"),
    RecordingEvent("twilio", "CA1", "RE1", "https://api.example.org/RE1", 7),
    Receipt("twilio", "SM2", "text", "undelivered", "30003", 3, ticket="8"),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert read_event(json.loads(json.dumps(record_event(event)))) == event


@pytest.mark.parametrize("record", [{}, {"call": {}}, {"text": {"body": "x"}}, {"fire": {}}])
def test_what_was_never_recorded_is_refused(record: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        read_event(record)
