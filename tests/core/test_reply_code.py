"""What a short reply of a staff member means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.reply_code import CANNOT, CLAIM, DONE, Reply, read_reply, smallest_free


@pytest.mark.parametrize("text", ["1", "1a", "1 A", " 1 ", "១", "១a", "#1", "1.", "1\u200b", "１"])
def test_a_code_alone_or_with_an_a_claims(text: str) -> None:
    assert read_reply(text) == Reply(1, CLAIM)


@pytest.mark.parametrize("text", ["2e", "2 E", "២e", "២ មិនបាន", "2 minban"])
def test_a_code_with_an_e_hands_on(text: str) -> None:
    assert read_reply(text) == Reply(2, CANNOT)


@pytest.mark.parametrize("text", ["3d", "3 D", "៣d", "៣ រួច។", "3 ruoch"])
def test_a_code_with_a_d_says_that_they_have_called(text: str) -> None:
    assert read_reply(text) == Reply(3, DONE)


@pytest.mark.parametrize("text", ["", "ok", "juoy", "1 2", "1234", "-1", "1b", "one", "1aa"])
def test_anything_else_is_not_an_answer_to_a_page(text: str) -> None:
    assert read_reply(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    reply = read_reply(text)
    assert reply is None or 0 <= reply.code <= 999


@given(st.sets(st.integers(1, 30)))
def test_the_smallest_free_code_is_small_and_free(taken: set[int]) -> None:
    code = smallest_free(taken)
    assert code not in taken
    assert 1 <= code <= len(taken) + 1
