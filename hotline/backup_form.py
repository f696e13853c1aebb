"""The form of a backup: a tar of small parts, the same from either database.

    head.json                     what this is, of which revision, which tables with which columns
    tables/<table>/<000000>.gz    rows, a line of JSON each, some thousand in a part
    recordings/<name>             sealed as they lie on the disk
    spool/<name>                  the same
    manifest.json                 rows, files and SHA-256 of every table and folder
    seal                          that it was made by a line with this key ring

The head says how to read what follows, the manifest whether all of it came.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from hotline.backup_fault import BackupFault
from hotline.storage.whole_table import KINDS, Columns

FORM = 1
LINE, CASE_KEYS = "line", "case-keys"
"""What a backup holds: everything but the keys of the cases, or these alone."""

HEAD, MANIFEST, SEAL = "head.json", "manifest.json", "seal"
RECORDINGS, SPOOL = "recordings", "spool"
PART = re.compile(
    r"tables/(?P<table>[a-z_]{1,63})/(?P<number>[0-9]{6,9})\.gz"
    r"|(?P<folder>recordings)/(?P<recording>[0-9a-f]{32})"
    r"|(?P<spooled>spool)/(?P<event>[0-9]{20}-[0-9]{1,10}-[0-9a-f]{8}\.(?:waiting|set-aside))"
)
"""What may stand in a backup, and nothing else: no name that leads anywhere but to its place."""

LARGEST_PART = 64 * 1024 * 1024
_ROWS_IN_BYTES = 1024 * 1024
_SQUEEZED = 6


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself before its first row."""

    what: str
    revision: str
    taken_at: datetime
    tables: dict[str, list[tuple[str, str]]]


@dataclass(slots=True)
class Tally:
    """What came of one table or folder, counted while it goes by."""

    rows: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    tallies: dict[str, Tally] = field(default_factory=dict)


def write_head(head: Head) -> bytes:
    plain = {
        "form": FORM,
        "what": head.what,
        "revision": head.revision,
        "taken_at": head.taken_at.astimezone(UTC).isoformat(),
        "tables": head.tables,
    }
    return json.dumps(plain, indent=1).encode()


def read_head(plain: bytes) -> Head:
    """Raises BackupFault."""
    try:
        told = json.loads(plain)
        if told["form"] != FORM:
            raise BackupFault("this backup was made by a newer hotline: update this one first")
        tables = {
            str(name): [(str(column), _known(kind)) for column, kind in columns]
            for name, columns in told["tables"].items()
        }
        taken_at = datetime.fromisoformat(told["taken_at"])
        return Head(str(told["what"]), str(told["revision"]), taken_at, tables)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupFault("this is no backup of a hotline") from None


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(kind)
    return kind


def write_manifest(manifest: Manifest) -> bytes:
    told = {name: [tally.rows, tally.digest] for name, tally in manifest.tallies.items()}
    return json.dumps(told, indent=1, sort_keys=True).encode()


# ---------------------------------------------------------------- rows


def parts_of(columns: Columns, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """How many rows, and the part that holds them; each part small enough for the memory."""
    kinds = [kind for _, kind in columns]
    lines: list[bytes] = []
    size = 0
    for row in rows:
        values = [_write(kind, value) for kind, value in zip(kinds, row, strict=True)]
        lines.append(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())
        size += len(lines[-1])
        if size >= _ROWS_IN_BYTES:
            yield len(lines), _squeeze(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), _squeeze(lines)


def rows_in(columns: Columns, part: bytes) -> list[list[Any]]:
    """Raises BackupFault."""
    kinds = [kind for _, kind in columns]
    try:
        opened = zlib.decompressobj()
        plain = opened.decompress(part, LARGEST_PART)
        if not opened.eof:
            raise ValueError("larger than any part we write")
        told = [json.loads(line) for line in plain.splitlines()]
        return [[_read(k, v) for k, v in zip(kinds, row, strict=True)] for row in told]
    except (ValueError, TypeError, zlib.error):
        raise BackupFault("rows in this backup cannot be read: it is damaged") from None


def _squeeze(lines: list[bytes]) -> bytes:
    return zlib.compress(b"\n".join(lines), _SQUEEZED)


def _write(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64encode(value).decode()
    if kind == "json":
        return [value]  # a value of its own, so that "nothing" and JSON's null stay two things
    if kind in ("utc", "date", "time"):
        return value.isoformat()
    return value


def _read(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    if kind == "json":
        return value[0]
    if kind == "utc":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "time":
        return time.fromisoformat(value)
    return value
