"""How a short text answers a question: its digit or word, whatever the keyboard made of it."""

from __future__ import annotations

from hotline.core.sms_text import tidy

_LONGEST = 200  # letters; a longer text is no answer to a choice
_MARKS = dict.fromkeys(map(ord, ".,!?()[]\"':;។៕៖-"), " ")


def fold_answer(text: str) -> str:
    """Tidied (small letters, 0-9, Khmer in one order), without punctuation, single spaces."""
    return " ".join(tidy(text[:_LONGEST]).translate(_MARKS).split())
