"""Keys and sealed words: what a caller entrusts to us is unreadable without the key ring.

AES-256-GCM throughout. Each sealing carries a context ("case 12 name"), so that it cannot be moved
to another place unnoticed. The key ring is a file outside the database (see key_ring.py).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.key_ring import KeyRing, KeyRingFault, read_key_ring

_FORM = b"\x01"
_NONCE_BYTES = 12
_HEAD_BYTES = 3  # form, then the number of the key
_INDEX_BYTES = 16
_CASE_KEY = "case key"


class SealBroken(Exception):
    """Sealed with another key, for another place, or damaged. Never says what was inside."""


class Box:
    """Seals and opens with one key. `context` says where the words belong and is not secret."""

    __slots__ = ("_cipher", "_head")

    def __init__(self, key: bytes, number: int = 0) -> None:
        self._cipher = AESGCM(key)
        self._head = _FORM + number.to_bytes(2, "big")

    def encrypt(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        head = self._head
        return head + nonce + self._cipher.encrypt(nonce, plain, head + context.encode())

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """Raises SealBroken."""
        head, nonce = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        if head != self._head or len(nonce) != _NONCE_BYTES:
            raise SealBroken(f"not sealed with this key, or damaged (context: {context})")
        body = sealed[_HEAD_BYTES + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, head + context.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(f"sealed for another place, or damaged (context: {context})") from None


class Vault:
    """Everything the hotline seals, with every key of the ring at hand; the first key seals."""

    def __init__(self, ring: KeyRing, reread: Callable[[], KeyRing] | None = None) -> None:
        self._reread = reread
        self._take(ring)

    def _take(self, ring: KeyRing) -> None:
        self._boxes: Mapping[int, Box] = {
            number: Box(key, number) for number, key in ring.sealing.items()
        }
        self._first = next(iter(ring.sealing))
        self._index_keys = tuple(ring.index.values())

    def encrypt(self, plain: bytes, context: str) -> bytes:
        return self._boxes[self._first].encrypt(plain, context)

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """Raises SealBroken, also when the key was taken off the ring."""
        box = self._boxes.get(_key_number(sealed)) or self._newer_box(_key_number(sealed))
        if box is None:
            raise SealBroken(f"no key on the ring opens this (context: {context})")
        return box.decrypt(sealed, context)

    def _newer_box(self, number: int) -> Box | None:
        # Another process may have put a key on the ring since we read it (`flask rotate-keys`).
        if self._reread is None or number <= max(self._boxes):
            return None
        try:
            self._take(self._reread())
        except KeyRingFault:
            return None
        return self._boxes.get(number)

    def has_key_of(self, sealed: bytes) -> bool:
        """Is the key that sealed this on the ring?"""
        return _key_number(sealed) in self._boxes

    def is_fresh(self, sealed: bytes) -> bool:
        """Was this sealed with the key that seals now?"""
        return _key_number(sealed) == self._first

    def reseal(self, sealed: bytes, context: str) -> bytes:
        """The same words under the key that seals now."""
        return self.encrypt(self.decrypt(sealed, context), context)

    def new_case_key(self) -> bytes:
        """A data key for one case, wrapped: store it; forgetting it forgets the case's words."""
        return self.encrypt(os.urandom(32), _CASE_KEY)

    def case_box(self, wrapped: bytes) -> Box:
        """Raises SealBroken."""
        return Box(self.decrypt(wrapped, _CASE_KEY))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same case key under the key that seals now; what it sealed stays as it is."""
        return self.reseal(wrapped, _CASE_KEY)

    def index(self, purpose: str, value: str) -> bytes:
        """16 bytes by which `value` is found again without being kept; differs per `purpose`."""
        return _index(self._index_keys[0], purpose, value)

    def indexes(self, purpose: str, value: str) -> tuple[bytes, ...]:
        """The index under every index key, newest first: look up with these during a change."""
        return tuple(_index(key, purpose, value) for key in self._index_keys)


def open_vault(path: Path) -> Vault:
    """The vault of this key ring file. Raises KeyRingFault."""
    return Vault(read_key_ring(path), reread=lambda: read_key_ring(path))


def is_of_the_ring(sealed: bytes) -> bool:
    """Sealed by a key of the ring itself, and not by that of one case or sound."""
    return _key_number(sealed) != 0


def _key_number(sealed: bytes) -> int:
    return int.from_bytes(sealed[1:_HEAD_BYTES], "big")


def _index(key: bytes, purpose: str, value: str) -> bytes:
    # The length in front keeps ("ab", "c") and ("a", "bc") apart.
    name = purpose.encode()
    message = len(name).to_bytes(2, "big") + name + value.encode()
    return hmac.digest(key, message, "sha256")[:_INDEX_BYTES]
