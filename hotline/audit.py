"""The audit chain: add a line, prove that no line was changed, taken out or put in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hotline.storage.audit_head import heads
from hotline.storage.audit_line import add_lines, all_lines, last_line
from hotline.storage.database import Transaction

_BEGINNING = b"\x00" * 32


def note(
    tx: Transaction, now: datetime, actor: str, action: str, object: str, detail: str = ""
) -> None:
    """Add a line in the transaction of what it tells. Codes and field names only, never values."""
    note_all(tx, now, actor, action, (object,), detail)


def note_all(
    tx: Transaction,
    now: datetime,
    actor: str,
    action: str,
    objects: Sequence[str],
    detail: str = "",
) -> None:
    """A line for each object, however many they are, by two questions to the database."""
    if not objects:
        return
    last, hash = end_of_chain(tx)
    lines = []
    for number, object in enumerate(objects, start=last + 1):
        told = (number, now, actor, action, object, detail)
        line: dict[str, Any] = dict(zip(_FIELDS, told, strict=True))
        hash = _seal(hash, line)
        lines.append({**line, "hash": hash})
    add_lines(tx, lines)


def first_broken_line(tx: Transaction, noted: Mapping[int, str] | None = None) -> int | None:
    """The number of the first line that is not as it was written; None: all is whole.

    `noted`: how the hashes of some lines begin, in hex, as somebody wrote them down elsewhere. With
    the heads of the days they show also a chain that was cut off at its end or written anew.
    """
    return look_over(tx, noted)[1]


def look_over(tx: Transaction, noted: Mapping[int, str] | None = None) -> tuple[int, int | None]:
    """How many lines there are, and the first broken one."""
    seen = {head.number: head.hash.hex() for head in heads(tx) if head.number}
    before, number = _BEGINNING, 0
    for row in all_lines(tx):
        number += 1
        line = {name: getattr(row, name) for name in _FIELDS}
        if row.number != number or row.hash != _seal(before, line):
            return number, number
        hash = row.hash.hex()
        if seen.pop(number, hash) != hash or not hash.startswith((noted or {}).get(number, "")):
            return number, number
        before = row.hash
    is_cut = seen or any(one > number for one in noted or ())
    return number, number + 1 if is_cut else None


def end_of_chain(tx: Transaction) -> tuple[int, bytes]:
    """The number and the hash of the last line."""
    last = last_line(tx)
    return (last.number, last.hash) if last else (0, _BEGINNING)


_FIELDS = ("number", "at", "actor", "action", "object", "detail")


def _seal(before: bytes, line: dict[str, Any]) -> bytes:
    at = line["at"].astimezone(UTC).isoformat(timespec="microseconds")
    words = [str(line["number"]), at, *(line[name] for name in _FIELDS[2:])]
    # Lengths in front, so that a sign moved from one field to the next changes the seal.
    plain = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(before + plain.encode()).digest()
