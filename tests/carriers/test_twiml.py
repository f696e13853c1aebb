"""The documents we write: the SDK would write the same, and only what both carriers carry out."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from hotline.carriers.twiml import (
    APOLOGY,
    BUSY,
    NOTHING,
    plays_from,
    write_answer,
    write_apology,
)
from hotline.core.answer import Answer
from hotline.core.turn import ManyKeys, OneKey, Saying, Speech, TheEnd

BASE = "https://line.example.org/a&b"
NAMES = ("V_WELCOME", "V_MAIN_MENU", "V_DIGIT_0", APOLOGY)
SAFE = {"Response", "Gather", "Play", "Record", "Redirect", "Hangup", "Reject"}


def prompts(names=NAMES, languages=("km", "en")):
    take = SimpleNamespace(hash="0123456789ab", ext="mp3")
    return {name: SimpleNamespace(sounds=dict.fromkeys(languages, take)) for name in names}


PLAYS = plays_from(prompts(), BASE)


def address_of(language, name):
    return f"{BASE}/audio/{language}/{name}.0123456789ab.mp3"


def by_the_sdk(answer: Answer, carrier: str) -> str:
    turn = f"{BASE}/calls/{carrier}/turn?n={answer.next_number}&l={answer.language}"
    urls = [address_of(answer.language, saying.prompt) for saying in answer.say]
    urls += [answer.recording] if answer.recording else []
    document = VoiceResponse()
    wait = answer.wait
    if isinstance(wait, OneKey | ManyKeys):
        gather = document.gather(
            action=turn,
            method="POST",
            num_digits=wait.longest if isinstance(wait, ManyKeys) else 1,
            timeout=8 if isinstance(wait, ManyKeys) else 6,
            finish_on_key="",
            action_on_empty_result=True,
        )
        for url in urls:
            gather.play(url)
        document.redirect(turn, method="POST")
        return str(document)
    for url in urls:
        document.play(url)
    if isinstance(wait, TheEnd):
        document.hangup()
        return str(document)
    document.record(
        action=turn,
        method="POST",
        max_length=wait.seconds,
        timeout=5,
        finish_on_key="1234567890*#",
        play_beep=True,
        recording_status_callback=f"{BASE}/calls/{carrier}/recording",
        recording_status_callback_method="POST",
    )
    document.redirect(turn + "&empty=1", method="POST")
    return str(document)


answers = st.builds(
    Answer,
    language=st.sampled_from(["km", "en"]),
    say=st.lists(st.sampled_from(NAMES).map(Saying), max_size=9).map(tuple),
    wait=st.one_of(
        st.just(OneKey()),
        st.builds(ManyKeys, longest=st.integers(1, 15)),
        st.builds(Speech, seconds=st.integers(1, 600)),
        st.just(TheEnd()),
    ),
    next_number=st.integers(1, 9999),
    recording=st.sampled_from([None, "https://api.example.org/r?a=1&b=\"2'<>"]),
)


@given(answer=answers, carrier=st.sampled_from(["twilio", "somleng", "simulator"]))
@settings(max_examples=200)
def test_every_answer_is_what_the_sdk_would_write(answer, carrier):
    ours = write_answer(answer, PLAYS, carrier)
    assert ElementTree.canonicalize(ours) == ElementTree.canonicalize(by_the_sdk(answer, carrier))


@given(answer=answers)
@settings(max_examples=200)
def test_every_answer_stays_in_the_safe_set(answer):
    root = ElementTree.fromstring(write_answer(answer, PLAYS, "somleng"))
    assert {element.tag for element in root.iter()} <= SAFE
    for play in root.iter("Play"):
        assert play.text.startswith("https://")
        assert play.text == play.text.strip()
    for element in root.iter():
        for name in ("action", "recordingStatusCallback"):
            assert element.get(name, "https://").startswith("https://")
        if element.tag in ("Gather", "Record"):
            assert {"action", "method", "timeout"} <= set(element.keys())
    if isinstance(answer.wait, OneKey | ManyKeys):
        assert root.findall("Play") == []  # all of them inside the Gather: a key may come early
    assert root[-1].tag in ("Redirect", "Hangup")


def test_fixed_documents_are_in_the_safe_set_too():
    for document in (NOTHING, BUSY, write_apology(PLAYS, None)):
        assert {e.tag for e in ElementTree.fromstring(document.encode()).iter()} <= SAFE


def test_a_document_begins_with_its_first_byte():
    assert write_apology(PLAYS, "km").startswith("<?xml")


def test_the_apology_is_in_the_callers_language_if_it_is_known():
    heard = ElementTree.fromstring(write_apology(PLAYS, "en").encode())
    assert [e.text for e in heard.iter("Play")] == [address_of("en", APOLOGY)]


@pytest.mark.parametrize("language", [None, "fr"])
def test_else_it_is_in_khmer_and_then_in_english(language):
    heard = ElementTree.fromstring(write_apology(PLAYS, language).encode())
    assert [e.text for e in heard.iter("Play")] == [
        address_of("km", APOLOGY),
        address_of("en", APOLOGY),
    ]


def test_a_prompt_without_a_take_is_heard_as_the_apology():
    answer = Answer("en", (Saying("V_NEVER_RECORDED"),), OneKey(), 2)
    heard = ElementTree.fromstring(write_answer(answer, PLAYS, "twilio").encode())
    assert [e.text for e in heard.iter("Play")] == [address_of("en", APOLOGY)]


def test_without_an_apology_the_start_stops():
    with pytest.raises(LookupError, match="V_ERR_SYSTEM has no take in km, en"):
        plays_from(prompts(names=("V_WELCOME",)), BASE)
    with pytest.raises(LookupError, match="no take in en"):
        plays_from(prompts(languages=("km",)), BASE)
