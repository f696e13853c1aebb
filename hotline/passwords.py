"""Passphrases and PINs of staff: Argon2id hashes, never the words themselves."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 14
LONGEST = 128

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)

# A PIN is checked while a caller may wait for the database, so it must be quick. What makes up for
# so few digits is the key that goes into the hash (pins.peppered) and the lock after five tries.
_pin_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(words: str) -> str:
    return _hasher.hash(words)


def hash_pin(words: str) -> str:
    return _pin_hasher.hash(words)


def is_right(password_hash: str, words: str) -> bool:
    try:
        return _hasher.verify(password_hash, words[:LONGEST])
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
