"""The audit chain: add a line, prove that no line was changed, taken out or put in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from hotline.storage.audit_line import add_line, all_lines, last_line
from hotline.storage.database import Transaction

_BEGINNING = b"\x00" * 32


def note(
    tx: Transaction, now: datetime, actor: str, action: str, object: str, detail: str = ""
) -> None:
    """Add a line in the transaction of what it tells. Codes and field names only, never values."""
    last = last_line(tx)
    line: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": now,
        "actor": actor,
        "action": action,
        "object": object,
        "detail": detail,
    }
    add_line(tx, **line, hash=_seal(last.hash if last else _BEGINNING, line))


def first_broken_line(tx: Transaction) -> int | None:
    """The number of the first line that does not fit the one before it; None: all is whole."""
    before, expected = _BEGINNING, 1
    for row in all_lines(tx):
        line = {name: getattr(row, name) for name in _FIELDS}
        if row.number != expected or row.hash != _seal(before, line):
            return expected
        before, expected = row.hash, expected + 1
    return None


_FIELDS = ("number", "at", "actor", "action", "object", "detail")


def _seal(before: bytes, line: dict[str, Any]) -> bytes:
    at = line["at"].astimezone(UTC).isoformat(timespec="microseconds")
    words = [str(line["number"]), at, *(line[name] for name in _FIELDS[2:])]
    # Lengths in front, so that a sign moved from one field to the next changes the seal.
    plain = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(before + plain.encode()).digest()
