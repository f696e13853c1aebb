"""Calls at the edge: a transaction, the doorbell, TwiML; an apology if everything breaks."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hotline.core.answer import Answer
from hotline.core.turn import Digits, HungUp, OneKey, Saying, Silence, Voice
from hotline.storage.database import DatabaseAway
from hotline.web import call_webhooks
from hotline.web.metrics import counters_in
from tests.carriers.conftest import BASE
from tests.web.line import CALL, MOTHER, SmallHotline, app_with, signed

ANSWER = Answer("km", (Saying("V_MAIN_MENU"),), OneKey(), 4)


@pytest.fixture
def hotline(tmp_path):
    return SmallHotline(tmp_path)


@pytest.fixture
def events(monkeypatch, hotline):
    """Stands in for the feature: remembers each turn, answers with the menu, opens a case."""
    events = []

    def take_turn(_hotline, tx, event):
        assert tx == "tx"
        events.append(event)
        hotline.did.append("took a turn")
        return ANSWER, frozenset({"alerts"})

    monkeypatch.setattr(call_webhooks.switchboard, "take_turn", take_turn)
    return events


@pytest.fixture
def client(hotline):
    return app_with(call_webhooks.call_blueprint(hotline)).test_client()


def ask(client, target, carrier="twilio", **fields):
    reply = client.post(target, **signed(target, CALL | fields, carrier))
    assert reply.status_code == 200
    assert reply.mimetype == "text/xml"
    return ElementTree.fromstring(reply.data)


def heard(document):
    return [play.text.rpartition("/audio/")[2].partition(".")[0] for play in document.iter("Play")]


def test_a_phone_rings_and_is_answered(client, events):
    document = ask(client, "/calls/twilio/incoming", CallStatus="ringing")
    assert heard(document) == ["km/V_MAIN_MENU"]
    assert events[0].turn is None
    assert (events[0].number, events[0].from_number) == (0, MOTHER)
    gather = document.find("Gather")
    assert gather.get("action") == f"{BASE}/calls/twilio/turn?n=4&l=km"


def test_the_workers_are_woken_after_the_commit_and_not_before(client, hotline, events):
    ask(client, "/calls/twilio/turn?n=3&l=km", Digits="1")
    assert hotline.did == ["took a turn", "committed", "rang alerts"]


@pytest.mark.parametrize("carrier", ["twilio", "somleng", "simulator"])
def test_every_carrier_is_told_to_come_back_to_its_own_address(client, events, carrier):
    document = ask(client, f"/calls/{carrier}/turn?n=3&l=km", carrier, Digits="1")
    assert document.find("Redirect").text == f"{BASE}/calls/{carrier}/turn?n=4&l=km"


def test_a_key_silence_a_voice_and_a_hang_up_are_four_things(client, events):
    voice = {"RecordingUrl": "https://c.example/RE1", "RecordingSid": "RE1"}
    ask(client, "/calls/twilio/turn?n=3&l=km", Digits="1")
    ask(client, "/calls/twilio/turn?n=3&l=km", Digits="")
    ask(client, "/calls/twilio/turn?n=3&l=km", RecordingDuration="9", Digits="#", **voice)
    ask(client, "/calls/twilio/turn?n=3&l=km", RecordingDuration="0", Digits="hangup", **voice)
    assert [event.turn for event in events] == [Digits("1"), Silence(), Voice("RE1", 9), HungUp()]


def test_an_address_without_a_turn_number_is_refused(client, events):
    assert (
        client.post("/calls/twilio/turn", **signed("/calls/twilio/turn", CALL)).status_code == 400
    )
    assert events == []


def test_a_call_that_begins_begins_whatever_the_address_says(client, events):
    ask(client, "/calls/twilio/incoming?n=7")
    assert events[0].number == 0


def test_a_withheld_number_is_no_number(client, events):
    ask(client, "/calls/twilio/incoming", From="+266696687")
    assert events[0].from_number is None


@pytest.mark.parametrize("error", [DatabaseAway("locked"), OSError(28, "disk full"), KeyError("x")])
def test_when_anything_breaks_the_caller_hears_the_apology(client, hotline, events, error):
    hotline.database_error = error
    document = ask(client, "/calls/somleng/turn?n=3&l=km", "somleng", Digits="1")
    assert heard(document) == ["km/V_ERR_SYSTEM"]
    assert document[-1].tag == "Hangup"
    assert hotline.did == []


def test_the_apology_is_in_the_language_the_caller_chose(client, hotline, events):
    hotline.database_error = DatabaseAway("locked")
    assert heard(ask(client, "/calls/twilio/turn?n=3&l=en")) == ["en/V_ERR_SYSTEM"]


def test_who_has_not_chosen_hears_khmer_first(client, hotline, events):
    hotline.database_error = DatabaseAway("locked")
    document = ask(client, "/calls/twilio/incoming")
    assert heard(document) == ["km/V_ERR_SYSTEM", "en/V_ERR_SYSTEM"]


def test_a_feature_that_breaks_is_rolled_back_and_counted(client, hotline, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(call_webhooks.switchboard, "take_turn", breaks)
    ask(client, "/calls/twilio/turn?n=3&l=km")
    assert hotline.did == ["rolled back"]
    totals = counters_in(hotline.settings.data).totals()
    assert totals["hotline_apologies_total", (("carrier", "twilio"),)] == 1
    assert ("hotline_turns_total", (("carrier", "twilio"),)) not in totals


def test_the_alarm_says_nothing_of_the_caller(client, hotline, events):
    hotline.database_error = ValueError("cannot store what she said")
    with capture_logs() as lines:
        ask(client, "/calls/twilio/turn?n=3&l=km", Digits="1")
    assert lines == [
        {
            "event": "apology",
            "during": "taking a turn",
            "carrier": "twilio",
            "exc_info": True,  # the log keeps the type and the place of an error, no message
            "log_level": "critical",
        }
    ]


def test_the_end_of_a_call_is_told_once_it_is_over(client, hotline, monkeypatch):
    told = []

    def end_call(_hotline, _tx, status):
        told.append(status.state)
        return frozenset({"alerts"})

    monkeypatch.setattr(call_webhooks.switchboard, "end_call", end_call)
    for state in ("ringing", "in-progress", "completed", "no-answer"):
        document = ask(client, "/calls/twilio/status", CallStatus=state)
        assert list(document) == []
    assert told == ["completed", "no-answer"]
    assert hotline.did == ["committed", "rang alerts"] * 2


def test_a_recording_that_is_ready_sends_a_worker_for_it(client, hotline, monkeypatch):
    urls = []

    def note_ready(_hotline, _tx, event):
        urls.append(event.url)
        return frozenset({"chores"})

    monkeypatch.setattr(call_webhooks.recordings, "note_ready", note_ready)
    told = {
        "RecordingSid": "RE1",
        "RecordingUrl": "https://c.example/RE1",
        "RecordingDuration": "3",
    }
    ask(client, "/calls/twilio/recording", RecordingStatus="completed", **told)
    ask(client, "/calls/twilio/recording", RecordingStatus="failed", **told)
    assert urls == ["https://c.example/RE1"]
    assert hotline.did == ["committed", "rang chores"]


@pytest.mark.parametrize("event", ["status", "recording"])
def test_after_the_call_nothing_that_breaks_reaches_the_carrier(client, hotline, event):
    hotline.database_error = DatabaseAway("locked")
    told = {"CallStatus": "completed", "RecordingUrl": "https://c.example/RE1"}
    assert list(ask(client, f"/calls/twilio/{event}", **told)) == []


@given(
    digits=st.text(max_size=70),
    number=st.integers(0, 9999),
    caller=st.text(max_size=40),
    duration=st.text(max_size=12),
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_a_carrier_signs_is_answered_in_twiml(
    client, events, digits, number, caller, duration
):
    fields = {
        "Digits": _sendable(digits),
        "From": _sendable(caller),
        "RecordingDuration": _sendable(duration),
    }
    document = ask(client, f"/calls/twilio/turn?n={number}&l=km", **fields)
    assert document.tag == "Response"


def _sendable(text):
    return text.encode("utf-8", "ignore").decode()
