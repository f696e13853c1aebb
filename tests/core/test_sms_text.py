"""The letters of a text."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.khmer_order import repair_khmer
from hotline.core.sms_text import count_segments, tidy

KHMER = st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17FF), max_size=40)
TYPED = st.one_of(
    st.text(max_size=60), KHMER, st.text("ជួយខ្ញុំ \u200b\u17d2\u17c1aé😀👍\u200d", max_size=40)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("សួ្ត", "ស្តួ"),  # vowel before the subscript
        ("ខេ្មរ", "ខ្មេរ"),
        ("សិទិ្ធ", "សិទ្ធិ"),
        ("ស្ដី", "ស្តី"),  # two subscripts that look alike
        ("ធេីការ", "ធើការ"),  # a vowel in two halves
        ("កេា", "កោ"),
        ("ជួួយ", "ជួយ"),  # a mark typed twice
        ("ឲ្យ", "ឱ្យ"),
        ("អោយ", "ឱ្យ"),
    ],
)
def test_what_looks_the_same_on_the_screen_is_one_spelling(typed: str, meant: str) -> None:
    assert repair_khmer(typed) == repair_khmer(meant)


def test_different_words_stay_different() -> None:
    assert repair_khmer("បាត់") != repair_khmer("បាទ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  JUOY\n Phong ", "juoy phong"),
        ("ជួយ\u200bផង", "ជួយផង"),
        ("ជួយ\u200d\ufe0f\ufeff", "ជួយ"),
        ("១៣", "13"),
        ("ｈｅｌｐ ５", "help 5"),
        ("5\ufe0f\u20e3", "5"),
    ],
)
def test_one_form_whatever_the_keyboard_made_of_it(typed: str, meant: str) -> None:
    assert tidy(typed) == meant


@given(TYPED)
def test_tidying_twice_changes_nothing_and_never_fails(typed: str) -> None:
    assert tidy(tidy(typed)) == tidy(typed)


@given(TYPED)
def test_a_text_costs_what_the_carriers_count(typed: str) -> None:
    text = "".join(
        letter for letter in typed if letter != "\x1b" and not "\ud800" <= letter <= "\udfff"
    )
    parts = smsutil.split(text)
    counted = count_segments(text)
    assert counted.count == max(len(parts.parts), 1)
    assert counted.units * (1 if counted.encoding == "gsm7" else 2) == parts.total_bytes


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("ក" * 70, "ucs2", 1),
        ("ក" * 71, "ucs2", 2),
        ("a" * 160, "gsm7", 1),
        ("a" * 161, "gsm7", 2),
        ("€" * 80, "gsm7", 1),
        ("€" * 81, "gsm7", 2),
        ("😀" * 35, "ucs2", 1),
        ("😀" * 36, "ucs2", 2),
        ("", "gsm7", 1),
    ],
)
def test_the_borders_of_a_segment(text: str, encoding: str, count: int) -> None:
    counted = count_segments(text)
    assert (counted.encoding, counted.count) == (encoding, count)
