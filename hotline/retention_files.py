"""Files that outlive their reason: sounds without a row, events that were set aside."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline import recordings
from hotline.parts import Hotline
from hotline.storage.recording import files_kept

_NEW = timedelta(days=1)
"""A sound lies there a moment before its row says so."""


def set_aside(hotline: Hotline, before: datetime) -> list[Path]:
    """Events that could not be read, from before then: their names begin with their time."""
    spool = hotline.spool
    found = [*spool.folder.glob("*.set-aside"), *spool.half_written()]
    return [path for path in found if _written_at(path) <= before]


def _written_at(path: Path) -> datetime:
    word = path.name.split("-", 1)[0]
    nanoseconds = int(word) if word.isascii() and word.isdigit() else path.stat().st_mtime_ns
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)


def delete(paths: Iterable[Path]) -> int:
    """Not overwritten: a disk that moves its blocks about keeps the old ones anyway. What was in
    them is sealed; a sound's own key is gone with its row."""
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        count += 1
    return count


def remove_orphans(hotline: Hotline) -> int:
    """Sounds that no row knows: a crash came between the two."""
    folder = recordings.folder(hotline)
    lying = {entry.name: entry.stat().st_mtime for entry in os.scandir(folder)}
    with hotline.reading() as tx:
        kept = set(files_kept(tx))
    # By the youngest file, as our clock may be wrong; not by one that a wrong clock wrote.
    newest = min(max(lying.values(), default=0.0), hotline.now().timestamp())
    old = [name for name, at in lying.items() if at < newest - _NEW.total_seconds()]
    return delete(folder / name for name in old if name not in kept)
