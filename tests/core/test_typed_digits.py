"""Digits in Khmer or Latin, in groups or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core.typed_digits import digits_of, in_groups


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123 456", "123456"),
        (" ១២៣-៤៥៦\u200b", "123456"),
        ("12a", ""),
        ("", ""),
        ("½", ""),
        ("-1", "1"),
        ("1\x002", ""),
    ],
)
def test_what_was_typed(typed: str, digits: str) -> None:
    assert digits_of(typed) == digits


@given(some.text(alphabet="0123456789", max_size=40), some.integers(1, 6))
def test_groups_are_read_as_they_were(digits: str, size: int) -> None:
    assert digits_of(in_groups(digits, size)) == digits
    assert all(0 < len(group) <= size for group in in_groups(digits, size).split())


@given(some.text())
def test_nothing_but_digits_comes_out(typed: str) -> None:
    read = digits_of(typed)
    assert read == "" or (read.isascii() and read.isdigit())
