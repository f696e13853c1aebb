"""Spellings added at the desk: what is refused, what changes, and above all what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.core.keyword_guesses import nearest
from hotline.core.keyword_overlay import (
    INSIDE,
    Addition,
    needs_two,
    why_not,
    with_additions,
)
from tests.evaluation.texts import keywords_of_the_line, read_texts

FILE = keywords_of_the_line()


def refusal(topic: str, spelling: str, language: str = "latn", **more: str) -> str | None:
    found = why_not(FILE, Addition(topic, language, spelling, **more))
    return found.code if found else None


def test_a_new_spelling_means_its_topic_and_only_as_the_whole_text() -> None:
    new = with_additions(FILE, [Addition("SCHOOL", "latn", "zzqolla")])
    match = new.match("Zzqolla !")
    assert (match.topic, match.how, match.language, match.script) == (
        "SCHOOL",
        "alias",
        "km",
        "latin",
    )
    assert new.match("zzqolla bong").topic == "SCHOOL"  # polite words do not count
    assert new.match("mlox zzqolla xeqt").topic is None
    assert FILE.match("zzqolla").topic is None


def test_a_spelling_may_count_inside_longer_texts() -> None:
    new = with_additions(FILE, [Addition("SCHOOL", "latn", "zzqolla", INSIDE)])
    assert new.match("mlox zzqolla xeqt").topic == "SCHOOL"


def test_khmer_letters_count_in_any_order_of_marks() -> None:
    new = with_additions(FILE, [Addition("RIGHTS", "km", "ឡឡើម្ពត")])
    assert new.match("ឡឡើម្ពត ").topic == "RIGHTS"


@pytest.mark.parametrize(
    ("code", "topic", "spelling", "more"),
    [
        ("no_such_topic", "NOTHING", "blubbern", {}),
        ("no_letters", "SCHOOL", "!!! ...", {}),
        ("no_letters", "SCHOOL", "\U0001f600\U0001f600", {}),
        ("digits", "SCHOOL", "012 345 678", {}),
        ("digits", "SCHOOL", "sala 3", {}),
        ("two_scripts", "SCHOOL", "sala សាលា", {}),
        ("other_script", "SCHOOL", "សឡា", {}),
        ("other_script", "SCHOOL", "sqlaa", {"language": "km"}),
        ("too_short", "SCHOOL", "zq", {}),
        ("too_short", "SCHOOL", "zqla", {"used": INSIDE}),
        ("too_short", "STOP", "zqy", {}),
        ("too_long", "SCHOOL", "q" * 41, {}),
        ("too_long", "SCHOOL", "q  " * 39, {}),
        ("known", "SCHOOL", "SALA", {}),
        ("known", "STOP", "stop", {}),
        ("owned", "SCHOOL", "juoy", {}),
        ("near_danger", "SCHOOL", "juoy knhom phong", {}),
        ("everyday", "HELP", "orkun", {}),
        ("everyday", "HELP", "kon", {}),
        ("stop_word", "HELP", "stop", {}),
        ("start_word", "HELP", "unstop", {}),
        ("holds_stop", "SCHOOL", "sqolaa stop", {}),
        ("common", "SCHOOL", "orkun nak kru", {"used": INSIDE}),
        ("near_danger", "SCHOOL", "chhuoi", {}),
    ],
)
def test_what_would_do_harm_is_refused(
    code: str, topic: str, spelling: str, more: dict[str, str]
) -> None:
    assert refusal(topic, spelling, **more) == code


def test_a_spelling_that_would_change_a_listed_word_is_refused() -> None:
    found = why_not(FILE, Addition("SCHOOL", "latn", "zzqolla"))
    assert found is None
    taken = with_additions(FILE, [Addition("QUIZ", "latn", "zzqolla")])
    assert why_not(taken, Addition("SCHOOL", "latn", "zzqolla")).other == "QUIZ"


def test_danger_and_stop_need_two_people() -> None:
    assert {topic for topic in FILE.topics if needs_two(FILE, topic)} == {
        "HELP",
        "MISSING",
        "SAFE",
        "GOAWAY",
        "STOP",
    }
    assert needs_two(FILE, "START")
    assert not needs_two(FILE, "a topic of yesterday")


def test_stop_and_start_are_whole_texts_only() -> None:
    new = with_additions(
        FILE, [Addition("STOP", "latn", "qozz pnhxer"), Addition("START", "latn", "vinhqq zor")]
    )
    assert new.is_stop("QOZZ pnhxer!")
    assert not new.is_stop("qozz pnhxer mok juoy")
    assert new.match("qozz pnhxer mok juoy").topic == "HELP"
    assert new.is_start("vinhqq zor")
    assert not FILE.is_stop("qozz pnhxer")


def test_the_file_goes_before_what_was_added_and_a_topic_that_is_gone_does_no_harm() -> None:
    new = with_additions(
        FILE,
        [
            Addition("QUIZ", "latn", "juoy"),
            Addition("STOP", "latn", "orkun"),
            Addition("GONE", "latn", "zzqolla"),
            Addition("QUIZ", "latn", "..."),
        ],
    )
    assert new is FILE


@pytest.mark.parametrize(
    ("topic", "spelling", "text"),
    [
        ("STOP", "មិនឃើញ", "កូនខ្ញុំចេញពីផ្ទះមិនឃើញត្រឡប់មកវិញ"),
        ("STOP", "គេយក", "គេយកក្មេងទៅលក់"),
        ("STOP", "take me to another country", "they want to take me to another country"),
        ("SCHOOL", "អត់មកផ្ទះ", "កូនខ្ញុំអត់មកផ្ទះពីរថ្ងៃហើយ"),
        ("SCHOOL", "បន្ទប់ប៉ះខ្ញុំ", "ពូចូលបន្ទប់ប៉ះខ្ញុំ"),
    ],
)
def test_a_text_of_danger_stays_one_whatever_was_added(
    topic: str, spelling: str, text: str
) -> None:
    danger = FILE.match(text).topic
    assert danger is not None
    assert FILE.topics[danger].tier < 2
    language = "km" if spelling > "\u1780" else "latn"
    addition = Addition(topic, language, spelling, "alone" if topic == "STOP" else INSIDE)
    assert why_not(FILE, addition) is None
    assert with_additions(FILE, [addition]).match(text).topic == danger


def test_nothing_added_stops_a_text_that_the_file_takes_for_danger_by_now() -> None:
    new = with_additions(FILE, [Addition("STOP", "km", "គេយកក្មេងទៅលក់")])
    assert not new.is_stop("គេយកក្មេងទៅលក់")
    assert new.is_stop("STOP")


def test_no_text_of_the_evaluation_changes_its_meaning() -> None:
    added = [
        Addition("SCHOOL", "latn", "zzqolla"),
        Addition("HELP", "latn", "vrexok"),
        Addition("RIGHTS", "km", "ឡឡើម្ពត"),
    ]
    new = with_additions(FILE, added)
    texts = [each.text for each in read_texts()]
    changed = [text for text in texts if FILE.match(text) != new.match(text)]
    assert changed == []


@settings(max_examples=40)
@given(st.text(max_size=30), st.sampled_from(["HELP", "SCHOOL", "STOP", "START"]))
def test_whatever_may_be_added_then_means_its_topic(spelling: str, topic: str) -> None:
    for language in ("km", "latn"):
        addition = Addition(topic, language, spelling)
        if why_not(FILE, addition) is None:
            new = with_additions(FILE, [addition])
            assert (
                new.match(spelling).topic == topic
                or (topic == "STOP" and new.is_stop(spelling))
                or (topic == "START" and new.is_start(spelling))
            )


def test_the_nearest_topics_come_best_first() -> None:
    near = nearest(FILE, "wrok plz")
    assert near[0].topic == "JOB"
    assert [one.score for one in near] == sorted((one.score for one in near), reverse=True)
    assert nearest(FILE, "") == ()
    assert nearest(FILE, "juoy")[0].how == "exact"
