"""Odd webhooks: what is understood anyway, and what is refused."""

from __future__ import annotations

import pytest

from hotline.carriers import reading
from hotline.carriers.protocol import BrokenWebhook
from hotline.core.turn import Digits, HungUp, Silence, Voice

CALL = {"CallSid": "CA1", "From": "+85512345678", "To": "+85523900900", "Direction": "inbound"}


def call(query=None, **fields):
    return reading.read_call("twilio", CALL | fields, {"n": "3", **(query or {})})


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("+85512345678", "+85512345678"),
        ("85512345678", "+85512345678"),
        ("++85512345678", "+85512345678"),
        (" +85512345678 ", "+85512345678"),
        ("", None),
        ("Anonymous", None),
        ("Restricted", None),
        ("+266696687", None),
        ("+7378742833", None),
        ("sip:someone@example.org", None),
        ("1280", None),
        ("+0123456789", None),
        ("+1234567890123456", None),
        ("+855១២៣៤៥៦៧៨", None),
    ],
)
def test_a_calling_number_is_e164_or_nothing(told, number):
    assert reading.caller_number(told) == number


@pytest.mark.parametrize("told", ["x", "-1", "1.5", "", "10000", "１", "1 ", "1e3"])
def test_a_turn_number_must_be_a_small_whole_number(told):
    with pytest.raises(BrokenWebhook, match="whole number"):
        reading.read_call("twilio", CALL, {"n": told})


@pytest.mark.parametrize("sid", ["", "x" * 65, "CA 1\n", "ក"])
def test_an_id_must_be_short_and_printable(sid):
    with pytest.raises(BrokenWebhook, match="CallSid"):
        call(CallSid=sid)


def test_an_id_of_sixty_four_characters_is_just_right():
    assert call(CallSid="x" * 64).call_sid == "x" * 64


def test_what_is_no_key_is_left_out():
    assert call(Digits="1A2 ").turn == Digits("12")
    assert call(Digits="ABC").turn == Silence()


def test_a_hang_up_in_a_recording_of_nothing_is_a_hang_up():
    event = call(RecordingUrl="https://c.example/RE1", RecordingDuration="0", Digits="hangup")
    assert (event.turn, event.afterwards) == (HungUp(), None)


def test_the_quick_exit_works_in_a_recording_too():
    event = call(
        RecordingUrl="https://c.example/RE1", RecordingDuration="3", RecordingSid="RE1", Digits="*"
    )
    assert (event.turn, event.afterwards) == (Voice("RE1", 3), Digits("*"))


def test_a_recording_without_a_length_is_kept():
    assert call(RecordingUrl="https://c.example/x/RE9.wav?y=1").turn == Voice("RE9", 0)


def test_a_language_or_ticket_of_the_wrong_form_is_not_believed():
    event = call({"l": "<km>", "t": "a b"})
    assert (event.language, event.ticket) == (None, None)


def test_an_absent_recording_is_no_event():
    told = {"CallSid": "CA1", "RecordingUrl": "", "RecordingStatus": "absent"}
    assert reading.read_recording("twilio", told) is None


def test_a_recording_without_a_url_is_refused():
    with pytest.raises(BrokenWebhook, match="RecordingUrl"):
        reading.read_recording("twilio", {"CallSid": "CA1", "RecordingStatus": "completed"})


def test_a_text_from_a_word_keeps_the_word():
    told = {"MessageSid": "SM1", "From": "Metfone", "To": "1294", "Body": "sale"}
    assert reading.read_text("somleng", told).from_number == "Metfone"


def test_a_text_from_nobody_is_refused():
    with pytest.raises(BrokenWebhook, match="From"):
        reading.read_text("somleng", {"MessageSid": "SM1", "To": "1294", "Body": "hi"})


def test_the_error_never_repeats_what_was_sent():
    with pytest.raises(BrokenWebhook) as caught:
        call({"n": "+85512345678"})
    assert "12345678" not in str(caught.value)


def test_a_later_state_outranks_an_earlier_one():
    ranks = [
        reading.read_receipt("twilio", {"MessageSid": "SM1", "MessageStatus": state}, {}).rank
        for state in ("accepted", "queued", "sending", "sent", "undelivered", "delivered")
    ]
    assert ranks == sorted(set(ranks))


def test_a_state_nobody_knows_ranks_lowest():
    receipt = reading.read_receipt("twilio", {"MessageSid": "SM1", "MessageStatus": "pondered"}, {})
    assert (receipt.state, receipt.rank) == ("pondered", 0)


@pytest.mark.parametrize("state", ["", "delivered!", "x" * 40])
def test_a_state_that_is_no_word_is_refused(state):
    with pytest.raises(BrokenWebhook, match="MessageStatus"):
        reading.read_receipt("twilio", {"MessageSid": "SM1", "MessageStatus": state}, {})
