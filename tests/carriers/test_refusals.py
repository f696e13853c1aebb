"""Error codes, as receipts and answers tell them."""

from __future__ import annotations

import pytest

from hotline.carriers.refusals import CONFIG, FILTERED, NUMBER, PASSING, code_text, meaning_of


@pytest.mark.parametrize(
    ("told", "code"),
    [(21211, "21211"), ("20422", "20422"), ("S1007", "S1007"), (None, None), ("", None)],
)
def test_a_code_is_text_whatever_it_was(told, code):
    assert code_text(told) == code


def test_what_is_no_code_is_not_kept():
    assert code_text("cannot send to +85512345678") is None


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("30003", PASSING),
        ("30008", PASSING),
        ("30005", NUMBER),
        ("30007", FILTERED),
        ("30002", CONFIG),
        ("99999", NUMBER),
        (None, NUMBER),
    ],
)
def test_a_receipts_code_says_whether_to_try_again(code, meaning):
    assert meaning_of(code) == meaning
