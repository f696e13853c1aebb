"""A caller's words for somebody who need not know of whom they tell: numbers and names covered."""

from __future__ import annotations

import re
import unicodedata

COVERED = "●●●"
MOST = 600  # letters that are looked at: more is never shown
_COENG = "\u17d2"  # joins the next letter to the one before: never the last sign of a piece

_NUMBER = re.compile(r"\+?\d(?:[\s.,/()\-\u200b]{0,3}\d){5,}")  # six digits or more, of any script
_ADDRESS = re.compile(r"\S*@\S+|https?://\S+|\bwww\.\S+|\b\S+\.(?:com|me|net|org|kh)\b\S*", re.I)
_NAMED = re.compile(
    r"(ឈ្មោះ(?:ថា)?|\b(?:chh?m(?:ou|uo|o|u)s|chh?mo+h|my name is|name is|named|i am called))"
    r"([\s:=]*)([^\s,.;:!?។]+(?:[ ]+(?=[A-Za-z\u1780-\u17ff])[^\s,.;:!?។]+)?)",
    re.I,
)


def mask(words: str) -> str:
    """Long numbers, addresses, and what follows "name": the most that can be found by its form.

    A name that nothing announces stays: who reads this must know that.
    """
    covered = _ADDRESS.sub(COVERED, words[:MOST])
    covered = _NUMBER.sub(COVERED, covered)
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{COVERED}", covered)


def beginning(words: str, letters: int) -> str:
    """The first letters on one line, never torn inside a Khmer syllable."""
    line = " ".join(words.split())
    if len(line) <= letters:
        return line
    end = letters
    while end > 1 and (unicodedata.category(line[end])[0] == "M" or line[end - 1] == _COENG):
        end -= 1
    return line[:end].rstrip() + "…"
