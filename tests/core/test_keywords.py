"""Which topic a text means."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.edit_distance import distance
from hotline.core.flow_fault import FlowFault
from hotline.core.keyword_file import read_keywords
from hotline.core.keywords import Keywords
from hotline.core.romanisation import roughly, sound_of_khmer, sound_of_latin
from tests.evaluation.texts import ALL, keywords_of_the_line, measure, read_texts

KEYWORDS = keywords_of_the_line()
MISSING = {
    "topic": "MISSING",
    "flow": "texts",
    "step": "missing",
    "urgent": True,
    "latn": ["bat kon"],
}
SMALL = {
    "match": {"accept": 85, "ask": 67},
    "meanings": {"child": {"latn": ["kon"]}, "lost": {"latn": ["bat"]}},
    "phrases": [{"topic": "MISSING", "words": ["child", "lost"]}],
    "keywords": [
        MISSING,
        {"topic": "STOP", "flow": "texts", "step": "stop", "digits": ["9"], "en": ["stop"]},
    ],
}


def topic(text: str) -> str | None:
    return KEYWORDS.match(text).topic


@pytest.mark.parametrize("text", ["ជួយ", "chuoy", "help", "HELP!!", "99", "៩៩", "ជួយ\u200bផង"])
def test_a_listed_word_is_found_exactly(text: str) -> None:
    match = KEYWORDS.match(text)
    assert (match.topic, match.how, match.score) == ("HELP", "exact", 100)


@pytest.mark.parametrize("text", ["juooooy", "CHUOYY phong", "chhouyy", "ជូយផង", "hlep me"])
def test_a_cry_for_help_is_heard_through_spelling(text: str) -> None:
    assert topic(text) == "HELP"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("koun knhom bat tang pi msel menh", "MISSING"),
        ("កូនខ្ញុំបាត់តាំងពីម្សិលមិញ", "MISSING"),
        ("my little girl has been missing since noon", "MISSING"),
        ("juoy knhom phong knhom nov thai", "THAI_HELP"),
        ("knhom jong tov tver ka nov thai", "THAI"),
        ("knhom mok pi thai vinh", "RETURN"),
        ("ជួយខ្ញុំផង គេវាយខ្ញុំ", "HELP"),
        ("គេឱ្យក្មេងធ្វើការ", "LABOUR"),
        ("R 012 15 40", "CLUB_REPORT"),
        ("chuoyknhomphong", "HELP"),
    ],
)
def test_the_meaning_of_a_sentence_decides(text: str, meant: str) -> None:
    assert topic(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "បាត់លុយ", "បាត់កូនសោ", "ខ្ញុំនៅបាត់ដំបង", "i lost my phone", "thank you for your help",
        "help yourself", "you are right", "shop", "nham bay nov", "Your OTP is 482913", "5$", "7-8",
        "012 345 678", "", "😀", "?", "ថ្ងៃនេះក្តៅ",
    ],
)  # fmt: skip
def test_everyday_texts_are_left_alone(text: str) -> None:
    assert topic(text) is None


def test_a_polite_yes_is_asked_back_and_not_taken_for_a_missing_child() -> None:
    match = KEYWORDS.match("bat bong")
    assert (match.topic, match.how) == ("MISSING", "ask")


@pytest.mark.parametrize(
    "text",
    ["stop it", "please stop hitting me", "stop bong", "bus stop", "shop", "chop", "stoppp", "9$",
     "9am", "9:00", "no stop", "ឈប់រៀន", "ឈប់លេង", "chhub rean", "stp", "stop 9"],
)  # fmt: skip
def test_stop_is_never_guessed(text: str) -> None:
    assert topic(text) != "STOP"
    assert not KEYWORDS.is_stop(text)


@pytest.mark.parametrize("text", ["STOP", " stop. ", "ឈប់", "9", "៩", "kom phnher", "កុំផ្ញើ មកទៀត"])
def test_stop_is_taken_from_its_list(text: str) -> None:
    assert KEYWORDS.is_stop(text)
    assert topic(text) == "STOP"


def test_only_a_plain_word_starts_again_after_stop() -> None:
    assert KEYWORDS.is_start("START")
    assert KEYWORDS.is_start("0")
    assert not KEYWORDS.is_start("hello")


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("ជួយ", ("km", "khmer")),
        ("chuoy", ("km", "latin")),
        ("help", ("en", "latin")),
        ("1", (None, None)),
    ],
)
def test_the_answer_comes_in_the_callers_letters(text: str, tongue: tuple[str, str]) -> None:
    match = KEYWORDS.match(text)
    assert (match.language, match.script) == tongue


@given(
    st.one_of(st.text(max_size=80), st.text("ជួយបាត់កូនខ្ញុំឈប់៩9 stophelpbat\u200b\u17d2", max_size=30))
)
def test_nothing_typed_breaks_it_and_stop_comes_from_the_list_alone(text: str) -> None:
    match = KEYWORDS.match(text)
    assert 0 <= match.score <= 100
    assert (match.topic == "STOP") == KEYWORDS.is_stop(text)
    assert match == KEYWORDS.match(text)


def test_a_text_of_1600_letters_is_read_to_the_end() -> None:
    assert topic("nham bay " * 170 + "kon knhom bat khluon") == "MISSING"


def test_the_evaluation_set_is_understood() -> None:
    figures = measure(read_texts())
    for name in (ALL, "held"):
        part = figures[name]
        assert part.topics_right / part.topics >= 0.93, name
        assert part.danger_dropped / part.danger <= 0.03, name
        assert part.chatter_taken / part.chatter <= 0.05, name
        assert part.stop_accidents == 0, name


def test_both_scripts_sound_alike() -> None:
    pairs = {"ជួយ": "chuoy", "បាត់": "bat", "ទៅ": "tov", "គ្រោះថ្នាក់": "kruoh thnak", "រៀន": "rean"}
    for khmer, latin in pairs.items():
        assert roughly(sound_of_khmer(khmer)) == roughly(sound_of_latin(latin.replace(" ", ""))), (
            khmer
        )


def test_neighbours_in_the_wrong_order_are_a_small_slip() -> None:
    assert distance("hlep", "help") < distance("kelp", "help") == 1
    assert distance("", "abc") == 3
    assert distance("abcdef", "uvwxyz", limit=2) == 2


def read(**changes: object) -> Keywords | list[FlowFault]:
    return read_keywords({**copy.deepcopy(SMALL), **changes}, lambda *path: len(path))


def test_a_small_file_is_read() -> None:
    keywords = read()
    assert isinstance(keywords, Keywords)
    assert keywords.match("kon knhom bat").topic == "MISSING"
    assert keywords.topics["MISSING"].urgent


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"keywords": []}, "no keywords"),
        ({"keywords": [{"topic": "A", "flow": "f"}]}, "no step"),
        ({"keywords": [{"flow": "f", "step": "s"}]}, "without a topic"),
        ({"keywords": [*SMALL["keywords"], MISSING]}, "twice"),
        ({"keywords": [MISSING | {"latn": ["stop"]}, SMALL["keywords"][1]]}, "of MISSING"),
        ({"keywords": [MISSING | {"wrods": []}]}, "'wrods' is not known"),
        ({"phrases": [{"topic": "MISSING", "words": ["childd"]}]}, "'childd' is not known"),
        ({"phrases": [{"topic": "MISSING"}]}, "without words"),
        ({"match": {"accept": "many", "ask": 67}}, "accept is 'many'"),
        ({"sections": []}, "'sections' is not known"),
        ({"meanings": ["child"]}, "not a table"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(changes: dict[str, object], wrong: str) -> None:
    faults = read(**changes)
    assert isinstance(faults, list)
    assert any(wrong in fault.wrong for fault in faults), faults
