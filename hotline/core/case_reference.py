"""The short public reference of a case: easy to read aloud, says nothing of the matter."""

from __future__ import annotations

ALPHABET = "23456789ACDEFHJKLMNPQRTUVWXY"  # nothing that is mistaken for another sign by ear or eye
LENGTH = 5


def reference_from(chance: bytes) -> str:
    """A reference from at least five random bytes (28^5, about 17 million of them)."""
    number = int.from_bytes(chance, "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)
