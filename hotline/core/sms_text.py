"""The letters of a text: one form for matching, its cost in segments, and cutting it unharmed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hotline.core.khmer_order import repair_khmer

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x17B4, 0x17B5, 0x20E3, 0x3164, 0xFEFF]
    + [*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
    + [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)]
)
_DIGIT = re.compile(r"\d")  # of any script
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: `encoding` "gsm7" or "ucs2", `count` parts, `units` of the encoding."""

    encoding: str
    count: int
    units: int


def tidy(text: str) -> str:
    """One form for matching: no invisible signs, digits 0-9, lower case, Khmer in one order.

    Doing it twice changes nothing. Never raises, whatever comes in.
    """
    if text.isascii():  # most words of a chat: nothing to compose, to repair or to leave out
        return " ".join(text.lower().split())
    for _ in range(8):  # lower-casing and composing can each make work for the other
        before = text
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
        text = _DIGIT.sub(_plain_digit, unicodedata.normalize("NFKC", text))
        text = " ".join(repair_khmer(text.translate(_INVISIBLE)).split())
        if text == before:
            break
    return text


def _plain_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


def count_segments(text: str) -> Segments:
    """How many parts a carrier sends: 160 or 153 units of GSM-7 (3GPP TS 23.038), or 70, 67."""
    if all(letter in _GSM_BASIC or letter in _GSM_DOUBLE for letter in text):
        sizes = [2 if letter in _GSM_DOUBLE else 1 for letter in text]
        return Segments("gsm7", _parts(sizes, 160, 153), sum(sizes))
    sizes = [2 if letter > "\uffff" else 1 for letter in text]
    return Segments("ucs2", _parts(sizes, 70, 67), sum(sizes))


def _parts(sizes: list[int], alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:  # a letter of two units is never torn apart
            parts, used = parts + 1, 0
        used += size
    return parts
