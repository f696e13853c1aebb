"""No spreadsheet takes a cell of ours for a formula, and ours are read back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core.spreadsheet_cell import as_written, harmless


@pytest.mark.parametrize(
    "word", ["=1+1", "+cmd", "-2", "@x", "\tx", "\nx", "|calc", "%x", "  =1+1"]
)
def test_no_word_is_taken_for_a_formula(word: str) -> None:
    assert harmless(word) == f"'{word}"
    assert as_written(harmless(word)) == word


@pytest.mark.parametrize("word", ["debt", "", "'quoted'", "117", "ភូមិ"])
def test_other_words_stay_as_they_are(word: str) -> None:
    assert harmless(word) == word
    assert as_written(word) == word


@given(some.text())
def test_no_cell_is_a_formula(cell: str) -> None:
    assert not harmless(cell).lstrip().startswith(("=", "+", "-", "@", "|", "%"))
    assert cell.startswith("'") or as_written(harmless(cell)) == cell
