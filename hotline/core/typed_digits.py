"""Digits as people type them: Khmer or Latin, in groups."""

from __future__ import annotations

import unicodedata

_BETWEEN = frozenset(" -\u00a0\u200b\u2010\u2011\u2012\u2013")


def digits_of(typed: str) -> str:
    """`០១២-345 678` is 012345678; "" where anything else stands among them."""
    digits = []
    for sign in typed.strip():
        if sign in _BETWEEN:
            continue
        value = unicodedata.decimal(sign, None)
        if value is None:
            return ""
        digits.append(str(value))
    return "".join(digits)


def in_groups(signs: str, size: int = 4, between: str = " ") -> str:
    """Easier to read out and to copy: `12345678` is 1234 5678."""
    return between.join(signs[place : place + size] for place in range(0, len(signs), size))
