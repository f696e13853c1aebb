"""The short public reference of a case: easy to read aloud, says nothing of the matter."""

from __future__ import annotations

import unicodedata
from itertools import product

ALPHABET = "23456789ACDEFHJKLMNPQRTUVWXY"  # nothing that is mistaken for another sign by ear or eye
LENGTH = 5

_MEANT = {"B": "8", "G": "6", "I": "JL", "O": "DQ", "S": "5", "Z": "2", "0": "DQ", "1": "JL"}
"""Signs that are in no reference, and what somebody may have seen or heard instead."""

_LONGEST_TYPED = 40


def reference_from(chance: bytes) -> str:
    """A reference from at least five random bytes (28^5, about 17 million of them)."""
    number = int.from_bytes(chance, "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def references_like(typed: str) -> tuple[str, ...]:
    """The references somebody may mean, however it was typed; none where it cannot be one.

    "k7-m4q" is K7M4Q; "zo5l1" may be 2D5LJ, 2D5LL, 2Q5LJ or 2Q5LL: at most 32.
    """
    signs = "".join(map(_sign, typed[:_LONGEST_TYPED]))
    if len(typed) > _LONGEST_TYPED or len(signs) != LENGTH:
        return ()
    meant = [sign if sign in ALPHABET else _MEANT.get(sign, "") for sign in signs]
    return tuple("".join(one) for one in product(*meant))


def _sign(typed: str) -> str:
    """One sign as references are written; nothing for what people put between signs."""
    value = unicodedata.decimal(typed, None)
    if value is not None:
        return str(value)
    plain = unicodedata.normalize("NFKC", typed).upper()
    is_between = unicodedata.category(typed) in ("Cf", "Pd", "Zs") or plain in "#.,:/_\t\n\r"
    return "" if is_between else plain
