"""The key ring file: made once, readable by its owner alone, kept out of database and backups.

    {"form": 1, "sealing": [{"number": 2, "key": "<base64>"}, …], "index": [{"number": 1, …}]}

The first key of a list is used for new things, the others to read older ones.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_KEY_BYTES = 32
_HIGHEST_NUMBER = 0xFFFF


class KeyRingFault(Exception):
    """The key ring cannot be used. Says the file and what would be right, never a key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of 32 bytes by number, first the one in use. `index` only finds, `sealing` seals."""

    sealing: Mapping[int, bytes] = field(repr=False)
    index: Mapping[int, bytes] = field(repr=False)


def make_key_ring(path: Path) -> None:
    """Write a new ring of fresh keys. Raises KeyRingFault rather than touch a file that exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = KeyRing({1: secrets.token_bytes(_KEY_BYTES)}, {1: secrets.token_bytes(_KEY_BYTES)})
    try:
        _write(path, ring)
    except FileExistsError:
        raise KeyRingFault(
            f"{path} exists and is left as it is: without it nothing sealed can ever be read. "
            "Name another file in HOTLINE_KEYS"
        ) from None


def add_sealing_key(path: Path) -> int:
    """Put a fresh key in front; the older ones stay. Returns its number."""
    ring = read_key_ring(path)
    number = max(ring.sealing) + 1
    if number > _HIGHEST_NUMBER:
        raise KeyRingFault(f"{path}: no number is left for another key")
    fresh = {number: secrets.token_bytes(_KEY_BYTES), **ring.sealing}
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    _write(beside, KeyRing(fresh, ring.index))
    os.replace(beside, path)
    _settle(path.parent)
    return number


def read_key_ring(path: Path) -> KeyRing:
    """Raises KeyRingFault when the file is missing, readable by others, or not a key ring."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            raw = file.read()
    except OSError as error:
        raise KeyRingFault(
            f"{path}: {error.strerror}; `flask make-keys` writes a key ring"
        ) from None
    if mode & 0o177:
        raise KeyRingFault(f"{path} has mode {mode:o}, so others may read it; `chmod 600 {path}`")
    return parse_key_ring(raw, path)


def parse_key_ring(raw: bytes, path: Path) -> KeyRing:
    """Raises KeyRingFault, which names `path` and no key."""
    try:
        content = json.loads(raw)
        return KeyRing(_keys(content, "sealing"), _keys(content, "index"))
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise KeyRingFault(
            f"{path} is not a key ring (JSON with keys of 32 bytes under sealing and index)"
        ) from None


def write_key_ring(path: Path, ring: KeyRing) -> None:
    """A ring that was saved. Raises KeyRingFault rather than touch a file that exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, ring)
    except FileExistsError:
        raise KeyRingFault(f"{path} exists and is left as it is: name another file") from None


def _keys(content: dict[str, Any], name: str) -> dict[int, bytes]:
    keys = {int(k["number"]): base64.b64decode(k["key"], validate=True) for k in content[name]}
    if not keys or len(keys) != len(content[name]):
        raise ValueError(name)
    if any(len(key) != _KEY_BYTES for key in keys.values()):
        raise ValueError(name)
    if not all(0 < number <= _HIGHEST_NUMBER for number in keys):
        raise ValueError(name)
    return keys


def _write(path: Path, ring: KeyRing) -> None:
    content = {"form": 1, "sealing": _plain(ring.sealing), "index": _plain(ring.index)}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    _settle(path.parent)


def _plain(keys: Mapping[int, bytes]) -> list[dict[str, object]]:
    return [{"number": n, "key": base64.b64encode(key).decode()} for n, key in keys.items()]


def _settle(folder: Path) -> None:
    # The name of a new file is only safe once its folder is on disk too.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
