"""References as people type them: forgiving, and never guessing beyond what may be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.case_reference import ALPHABET, LENGTH, reference_from, references_like


@pytest.mark.parametrize(
    "typed",
    [
        "K7M4Q",
        "k7m4q",
        " k7 m4q ",
        "K7-M4Q",
        "k 7 m 4 q",
        "#K7M4Q",
        "Ｋ７Ｍ４Ｑ",
        "k៧m៤q",
        "k7m4q\n",
        "\u200bk7m4q",
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert references_like(typed) == ("K7M4Q",)


def test_signs_that_are_in_no_reference_stand_for_those_they_look_like() -> None:
    assert references_like("kSmBz") == ("K5M82",)
    assert references_like("zo5l1") == ("2D5LJ", "2D5LL", "2Q5LJ", "2Q5LL")
    assert len(references_like("00000")) == 32


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7M4",
        "K7M4QQ",
        "012 345 678",
        "សុភ័ក្រ",
        "K7M4'",
        "%",
        "\x00" * 5,
        "🙂🙂🙂🙂🙂",
        "K" * 10_000,
    ]
    + ["k7m4q" + " " * 100],
)
def test_what_cannot_be_a_reference_finds_none(typed: str) -> None:
    assert references_like(typed) == ()


@given(st.binary(min_size=5, max_size=12))
def test_every_reference_is_found_by_itself_in_small_letters(chance: bytes) -> None:
    ref = reference_from(chance)
    assert references_like(ref.lower()) == (ref,)


@given(st.text(max_size=60))
def test_whatever_is_typed_it_asks_for_references_only(typed: str) -> None:
    found = references_like(typed)
    assert len(found) <= 32
    assert all(len(ref) == LENGTH and set(ref) <= set(ALPHABET) for ref in found)
