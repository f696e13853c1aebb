"""One form for phone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.phone_number import is_withheld, masked, normalise


@pytest.mark.parametrize(
    "typed",
    [
        "012345678", "012 345 678", "012-345-678", "(012) 345.678", "+85512345678",
        "85512345678", "0085512345678", "+855 012 345 678", "០១២ ៣៤៥ ៦៧៨", "012\u200b345678",
        "＋８５５１２３４５６７８",
    ],
)  # fmt: skip
def test_one_phone_has_one_form_however_it_is_typed(typed: str) -> None:
    assert normalise(typed) == "+85512345678"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0962345678", "+855962345678"),
        ("+66 81 234 5678", "+66812345678"),
        ("+4915112345678", "+4915112345678"),
    ],
)
def test_nine_digits_thailand_and_the_world_are_known(typed: str, number: str) -> None:
    assert normalise(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "0", "012", "01234567", "01234567890", "117", "1280", "12345678", "hello", "+0123"],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert normalise(typed) is None


def test_a_thai_number_is_read_in_thailand() -> None:
    assert normalise("0812345678", "TH") == "+66812345678"


@given(st.text(max_size=30))
def test_no_typing_breaks_it_and_the_form_is_stable(typed: str) -> None:
    number = normalise(typed)
    assert number is None or normalise(number) == number


@pytest.mark.parametrize("told", ["", None, "Anonymous", "+266696687", "7378742833", "Restricted"])
def test_a_withheld_number_is_known_as_such(told: str | None) -> None:
    assert is_withheld(told)


def test_a_masked_number_shows_two_digits() -> None:
    assert masked("+85512345678") == "••••••••••78"
    assert not is_withheld("+85512345678")
