"""One form for phone numbers: as typed on a keypad, written in a text or told by a carrier."""

from __future__ import annotations

import re
import unicodedata

WITHHELD = frozenset(
    {"+266696687", "+7378742833", "+8656696", "+86282452253", "+2562533", "+7748283"}
)
"""What a carrier sends in place of a withheld number: a word spelt on a keypad (ANONYMOUS,
RESTRICTED, UNKNOWN, UNAVAILABLE, BLOCKED, PRIVATE)."""

# Country code, and how many digits follow it without the leading zero.
_PLANS = {"KH": ("855", 8, 9), "TH": ("66", 8, 9)}
_LONGEST = 15  # digits, ITU-T E.164
_SHORTEST = 7
_BETWEEN = re.compile(r"[\s().\-/]+")


def normalise(typed: str, country: str = "KH") -> str | None:
    """E.164 (`+85512345678`) from `012 345 678`, `+855…`, `00855…` or Khmer digits; else None.

    National numbers are read as of `country`. Short codes are no callers' numbers: None.
    """
    plain = _BETWEEN.sub("", "".join(map(_digit, typed)))
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("+"):
        return _international(plain[1:])
    code, shortest, longest = _PLANS[country]
    if plain.startswith("0") and plain.isascii() and plain.isdigit():
        rest = plain[1:]
        return f"+{code}{rest}" if shortest <= len(rest) <= longest else None
    return _international(plain) if plain.startswith(code) else None


def _international(digits: str) -> str | None:
    if not (digits.isascii() and digits.isdigit()) or digits.startswith("0"):
        return None
    for code, shortest, longest in _PLANS.values():
        if digits.startswith(code):
            rest = digits[len(code) :].removeprefix("0")  # +855 012… is often typed so
            return f"+{code}{rest}" if shortest <= len(rest) <= longest else None
    return f"+{digits}" if _SHORTEST <= len(digits) <= _LONGEST else None


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    return "" if unicodedata.category(sign) == "Cf" else unicodedata.normalize("NFKC", sign)


def is_withheld(told: str | None) -> bool:
    """Whether a carrier's `From` stands for a caller who hides their number."""
    plain = (told or "").strip()
    return not any(sign.isdigit() for sign in plain) or "+" + plain.lstrip("+") in WITHHELD


def masked(number: str) -> str:
    """For a screen others can see: the last two digits only."""
    return "•" * max(len(number) - 2, 0) + number[-2:]
