"""Counts what happened, across every process of one machine, and writes it for Prometheus.

Each process counts in a small file of its own, mapped into memory, so that counting costs no lock
between processes and any process can tell the sum of all. Files of processes that have ended are
added to `past.counts` at the next start. No label ever holds anything of a caller.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

Key = tuple[str, tuple[tuple[str, str], ...]]

_ROW = struct.Struct("<120sQ")
_ROWS = 256
_SIZE = _ROW.size * _ROWS
_VALUE_AT = 120
_PAST = "past.counts"

HELP: Mapping[str, str] = {
    "hotline_webhooks_total": "Webhooks answered, by carrier, kind and HTTP status.",
    "hotline_calls_total": "Calls that rang the line, answered or turned away.",
    "hotline_turns_total": "Turns of calls that were taken and kept.",
    "hotline_apologies_total": "Calls that heard the recorded apology.",
    "hotline_signature_refusals_total": "Webhooks refused for a missing or wrong signature.",
    "hotline_texts_lost_total": "Texts answered 200 that could not be kept.",
}


class Counters:
    """Counters in files under `folder`; in memory only if the disk is full or cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._forget()
        # Weakly: a fork hook stays for good, and would keep the files of every test open.
        forget = weakref.WeakMethod(self._forget)
        os.register_at_fork(after_in_child=lambda: _call_if_there(forget))

    def _forget(self) -> None:
        """A new process, a new file: two must never write the same row."""
        self._lock = threading.Lock()
        self._map: mmap.mmap | None = None
        self._rows: dict[Key, int] = {}

    def count(self, name: str, **labels: str) -> None:
        """One more of `name`; labels come from small closed sets (carrier, kind, status)."""
        key = (name, tuple(labels.items()))
        with self._lock:
            if self._map is None:
                self._map = self._open()
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = self._begin_row(self._map, key)
            if row < _ROWS:
                at = row * _ROW.size + _VALUE_AT
                (value,) = struct.unpack_from("<Q", self._map, at)
                struct.pack_into("<Q", self._map, at, value + 1)

    def totals(self) -> dict[Key, int]:
        """The sum over this machine's processes, past and present."""
        if not self._folder.is_dir():
            return {}
        with _locked(self._folder):
            files = sorted(self._folder.glob("*.counts"))
            return _sum(path.read_bytes() for path in files)

    def _begin_row(self, rows: mmap.mmap, key: Key) -> int:
        """Where the counter lives; past the end (not counted) if the file is full."""
        written = _written(key)
        row = len(self._rows)
        if row < _ROWS and len(written) <= _VALUE_AT:
            _ROW.pack_into(rows, row * _ROW.size, written, 0)
            return row
        return _ROWS

    def _open(self) -> mmap.mmap:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with _locked(self._folder):
                _fold(self._folder)
                return self._new_file()
        except OSError:
            return mmap.mmap(-1, _SIZE)

    def _new_file(self) -> mmap.mmap:
        self._file, path = tempfile.mkstemp(suffix=".counts", dir=self._folder)
        # Held until the process ends, however it ends: so others know that this file is in use.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            # Reserved now, because a full disk would otherwise kill the process at a later write.
            os.posix_fallocate(self._file, 0, _SIZE)
        except OSError:
            Path(path).unlink()
            os.close(self._file)
            raise
        weakref.finalize(self, os.close, self._file)
        return mmap.mmap(self._file, _SIZE)


def _call_if_there(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    found = method()
    if found is not None:
        found()


@lru_cache(maxsize=8)
def counters_in(data: Path) -> Counters:
    """The counters of one data folder; the same object for all who ask in this process."""
    return Counters(data / "counts")


def write_metrics(totals: Mapping[Key, int], gauges: Mapping[str, Mapping[str, float]]) -> str:
    """The Prometheus text format. `gauges`: name to {written labels, "" for none: value}."""
    lines: list[str] = []
    for name, help_text in HELP.items():
        lines += [f"# HELP {name} {help_text}", f"# TYPE {name} counter"]
        lines += sorted(
            f"{name}{_braces(labels)} {value}"
            for (of, labels), value in totals.items()
            if of == name
        )
    for name, values in gauges.items():
        lines.append(f"# TYPE {name} gauge")
        lines += [f"{name}{labels} {value:g}" for labels, value in sorted(values.items())]
    return "\n".join(lines) + "\n"


def _braces(labels: Iterable[tuple[str, str]]) -> str:
    inside = ",".join(f'{name}="{value}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _written(key: Key) -> bytes:
    name, labels = key
    return "\t".join([name, *(f"{k}={v}" for k, v in labels)]).encode()


def _read(written: bytes) -> Key:
    name, *labels = written.rstrip(b"\0").decode().split("\t")
    pairs = (label.partition("=") for label in labels)
    return name, tuple((k, v) for k, _, v in pairs)


def _sum(files: Iterable[bytes]) -> dict[Key, int]:
    totals: Counter[Key] = Counter()
    for content in files:
        whole = len(content) - len(content) % _ROW.size
        for written, value in _ROW.iter_unpack(content[:whole]):
            if written[0]:
                totals[_read(written)] += value
    return dict(totals)


def _fold(folder: Path) -> None:
    """Add the files of processes that have ended to the past, and remove them.

    A kill between the two lines that do it counts them twice; a count is not worth an fsync.
    """
    ended = [path for path in folder.glob("*.counts") if path.name != _PAST and _is_free(path)]
    if not ended:
        return
    past = folder / _PAST
    totals = _sum(path.read_bytes() for path in [*ended, *([past] if past.exists() else [])])
    new = folder / "past.new"
    new.write_bytes(b"".join(_ROW.pack(_written(key), value) for key, value in totals.items()))
    new.replace(past)
    for path in ended:
        path.unlink()


def _is_free(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
