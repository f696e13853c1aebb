"""Khmer as people type it, put into one order; and where one written syllable ends."""

from __future__ import annotations

import re

# Two typed orders often look the same on the screen: a vowel before a subscript, a sign before a
# vowel, a vowel in two halves. One form is chosen here: consonant, subscripts (Ro last), register
# shifter, vowel, other signs. The order follows the Khmer chapter of the Unicode standard.
_COENG = "\u17d2"
_RO = "\u179a"
_CLUSTER = re.compile(
    "[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd])*\u17d2?|[\u17b6-\u17d2\u17dd]+"
)
_SYLLABLE = re.compile("[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]?|[\u17b6-\u17d1\u17dd])*|.", re.S)
_PART = re.compile("\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]")
_LEFT_VOWEL = re.compile(
    "(?<![\u1780-\u17d3])([\u17b6-\u17c5])([\u1780-\u17b3](?:\u17d2[\u1780-\u17b3])*)"
)
_COENGS = re.compile("\u17d2+")
_SHIFTERS = "\u17c9\u17ca"
_VOWELS = "".join(map(chr, range(0x17B6, 0x17C6)))
_TWO_HALVES = {
    "\u17c1\u17b6": "\u17c4",  # េ + ា
    "\u17b6\u17c1": "\u17c4",
    "\u17c1\u17b8": "\u17be",  # េ + ី
    "\u17b8\u17c1": "\u17be",
}
# The same sound, the same look, two spellings in daily use.
_ONE_SPELLING = (
    ("\u17d2\u178a", "\u17d2\u178f"),  # ្ដ, ្ត
    ("\u17b2", "\u17b1"),  # ឲ, ឱ
    ("អោយ", "ឱ្យ"),
    ("ឱយ", "ឱ្យ"),
    ("\u17cf", "\u17cd"),  # ៏ typed for ៍
)


def syllables(text: str) -> list[str]:
    """Written syllables: a consonant with all its marks is one; anything else is one letter."""
    return _SYLLABLE.findall(text)


def repair_khmer(text: str) -> str:
    """One spelling for what looks the same; text without Khmer comes back as it was."""
    if not any("\u1780" <= letter <= "\u17dd" for letter in text):
        return text
    text = _COENGS.sub(_COENG, text)
    text = _LEFT_VOWEL.sub(r"\2\1", text)
    text = _CLUSTER.sub(lambda found: _repair_syllable(found[0]), text)
    for written, chosen in _ONE_SPELLING:
        text = text.replace(written, chosen)
    return text


def _repair_syllable(syllable: str) -> str:
    first = syllable[0] if "\u1780" <= syllable[0] <= "\u17b3" else ""
    parts = list(dict.fromkeys(_PART.findall(syllable[len(first) :])))  # a mark typed twice is one
    below = sorted((part for part in parts if part[0] == _COENG), key=lambda part: part[1] == _RO)
    shifters = [part for part in parts if part in _SHIFTERS]
    vowels = "".join(part for part in parts if part in _VOWELS)
    signs = [part for part in parts if part[0] != _COENG and part not in _SHIFTERS + _VOWELS]
    return "".join([first, *below, *shifters, _TWO_HALVES.get(vowels, vowels), *signs])
