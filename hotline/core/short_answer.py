"""How a short text answers a question: its digit or word, whatever the keyboard made of it."""

from __future__ import annotations

import unicodedata

_DIGITS = {ord("០") + n: str(n) for n in range(10)}
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_MARKS = dict.fromkeys(map(ord, ".,!?()[]\"':;។៕៖-"), " ")
_TABLE: dict[int, str | None] = {**_DIGITS, **_UNSEEN, **_MARKS}


def fold_answer(text: str) -> str:
    """Small letters, 0-9 for Khmer and full-width digits, no invisible signs, single spaces."""
    seen = unicodedata.normalize("NFKC", text[:200]).translate(_TABLE)
    return " ".join(seen.casefold().split())
