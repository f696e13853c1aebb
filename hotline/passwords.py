"""Passphrases and PINs of staff: Argon2id hashes, never the words themselves; what is too weak."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 14
LONGEST = 128
KNOWN_TO_ALL = "child-club-demo"
"""The passphrase of the demo, as the documentation tells it: good for nothing anywhere else."""

_STRONG_ENOUGH = 3  # of zxcvbn's 0 to 4: not to be guessed in 100 million tries
_MEASURED = 72  # letters; what follows cannot make it weaker, and measuring takes long
_OF_THE_HOUSE = ("child", "club", "hotline", "helpline", "cambodia", "khmer", "desk", "passphrase")


class PassphraseFault(StrEnum):
    """Why these words may not be a passphrase."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    KNOWN = "known"  # the demo's, or the one they have
    OF_THE_HOUSE = "of_the_house"  # little is left without one's name and the words of this house
    TOO_WEAK = "too_weak"


_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)

# A PIN is checked while a caller may wait for the database, so it must be quick. What makes up for
# so few digits is the key that goes into the hash (pins.peppered) and the lock after five tries.
_pin_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def normal(words: str) -> str:
    """The same letters in one form, whichever keyboard wrote them."""
    return unicodedata.normalize("NFKC", words[: 4 * LONGEST])


def hash_password(words: str) -> str:
    return _hasher.hash(normal(words)[:LONGEST])


def hash_given(words: str) -> str:
    """For a passphrase that chance chose: long enough to be hashed quickly, in a transaction."""
    return _pin_hasher.hash(words)


def fault_of(words: str, names: Iterable[str] = ()) -> PassphraseFault | None:
    """What is wrong with a new passphrase of somebody with these names; None: it is good."""
    words = normal(words)
    if len(words) < SHORTEST:
        return PassphraseFault.TOO_SHORT
    if len(words) > LONGEST:
        return PassphraseFault.TOO_LONG
    if words.casefold() == KNOWN_TO_ALL:
        return PassphraseFault.KNOWN
    usual = [part for name in names for part in normal(name).split()] + list(_OF_THE_HOUSE)
    if not _is_strong(words, usual):
        return PassphraseFault.TOO_WEAK
    rest = words
    for one in sorted(usual, key=len, reverse=True):
        rest = re.sub(re.escape(one), "", rest, flags=re.IGNORECASE)
    rest = " ".join(rest.split())
    return None if rest and _is_strong(rest, usual) else PassphraseFault.OF_THE_HOUSE


def _is_strong(words: str, usual: list[str]) -> bool:
    # Its lists of words take a tenth of a second to load, and only a new passphrase needs them.
    from zxcvbn import zxcvbn

    found = zxcvbn(words[:_MEASURED], usual, max_length=_MEASURED)
    return int(found["score"]) >= _STRONG_ENOUGH


def hash_pin(words: str) -> str:
    return _pin_hasher.hash(words)


def is_right(password_hash: str, words: str) -> bool:
    # As it was typed too: so were those hashed before letters were brought into one form.
    return any(
        _fits(password_hash, one)
        for one in dict.fromkeys((normal(words)[:LONGEST], words[:LONGEST]))
    )


def _fits(password_hash: str, words: str) -> bool:
    try:
        return _hasher.verify(password_hash, words)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Made with weaker settings than today's: hash anew at the next sign-in."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def nobodys_hash() -> str:
    """Checked for a name that does not exist, so that the answer takes as long for both.

    Made on first use: hashing is slow on purpose, and a start should not pay for it.
    """
    return hash_password("a passphrase that belongs to nobody")
