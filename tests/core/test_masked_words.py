"""What an editor sees of a caller's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.masked_words import COVERED, beginning, mask


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("hao mok 012345678", "hao mok ●●●"),
        ("hao mok 012 345 678 phong", "hao mok ●●● phong"),
        ("+855-12-345-678", "●●●"),
        ("លេខ ០១២៣៤៥៦៧៨", "លេខ ●●●"),
        ("knhom 12 chnam", "knhom 12 chnam"),
        ("my name is Sok Dara, help", "my name is ●●●, help"),
        ("knhom chhmous Srey Pov", "knhom chhmous ●●●"),
        ("ខ្ញុំឈ្មោះសុខា នៅទីនេះ", "ខ្ញុំឈ្មោះ●●●"),
        ("sok@example.com nung www.face.book/x", "●●● nung ●●●"),
        ("facebook.com/sokdara", "●●●"),
        ("", ""),
    ],
)
def test_numbers_addresses_and_names_are_covered(words: str, left: str) -> None:
    assert mask(words) == left


@given(st.text(max_size=300))
def test_no_long_number_is_left(words: str) -> None:
    covered = mask(words)
    run = 0
    for letter in covered:
        run = run + 1 if letter.isdecimal() else 0
        assert run < 6
    assert COVERED in mask(f"012345678 {words}")


@given(st.text(max_size=400), st.integers(2, 160))
def test_a_beginning_is_short_and_on_one_line(words: str, letters: int) -> None:
    shown = beginning(words, letters)
    assert len(shown) <= letters + 1
    assert "\n" not in shown


def test_a_khmer_syllable_is_not_torn() -> None:
    assert beginning("ក្មេងស្រី", 2) == "…" or not beginning("ក្មេងស្រី", 2).endswith("្…")
    assert beginning("សាលា" * 50, 6) in ("សាលាសា…", "សាលា…")
