"""What was typed into a field of words, as it was written, but for what no keyboard types."""

from __future__ import annotations

from flask import request

_WORDS = ("note", "reason", "words")
"""The fields of words in the forms of a case."""


def typed(field: str) -> str:
    """Direction marks stay: who writes in two scripts needs them, and the page isolates them."""
    written = request.form.get(field, "").replace("\r\n", "\n").strip()
    return "".join(sign for sign in written if _is_kept(sign))


def all_typed() -> str:
    """All words of a form about a case, for who must get them back."""
    return "\n".join(filter(None, map(typed, _WORDS)))


def number_of(sent: str | None, digits: int = 9) -> int:
    """A number of a form or an address; 0 for nonsense, and for one with more digits."""
    plain = sent or ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= digits else 0


def _is_kept(sign: str) -> bool:
    return (sign >= " " or sign in "\n\t") and not "\ud800" <= sign <= "\udfff" and sign != "\x7f"
