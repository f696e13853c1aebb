"""An alarm that any of several processes could raise, and one of them does. Needs no database.

A file in the data folder says that it was raised, and its time says when somebody was last told. A
file needs no room for that, so it works on a full disk too.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Alarm:
    """One alarm of this machine; while it lasts it is told again every `again`."""

    def __init__(self, folder: Path, name: str, again: timedelta) -> None:
        self._folder = folder
        self._file = folder / name
        self._again = again
        self._told_here: datetime | None = None  # where not even the folder can be written

    def is_ours(self, now: datetime) -> bool:
        """Whether it is us who tell people now; nobody else will before `again` is over."""
        try:
            with self._alone():
                if not self._is_due(self._told_at(), now):
                    return False
                self._file.touch(mode=0o600)
                self._write(now)
        except OSError:
            if not self._is_due(self._told_here, now):
                return False
        self._told_here = now
        return True

    def try_again(self, at: datetime) -> None:
        """Nobody could be told: it is somebody's turn at `at`."""
        self._told_here = at - self._again
        try:
            with self._alone():
                self._write(self._told_here)
        except OSError:
            return

    def is_over(self) -> bool:
        """Whether it was raised, and it is us who tell people that it is over."""
        was_told_here, self._told_here = self._told_here is not None, None
        try:
            if not self._file.exists():  # nearly always, and without waiting for anybody
                return False
            with self._alone():
                was_raised = self._file.exists()
                self._file.unlink(missing_ok=True)
        except OSError:
            return was_told_here
        return was_raised

    def _is_due(self, told_at: datetime | None, now: datetime) -> bool:
        # In either direction: a clock that was put back must not silence an alarm for long.
        return told_at is None or abs(now - told_at) >= self._again

    def _told_at(self) -> datetime | None:
        if not self._file.exists():
            return None
        return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)

    def _write(self, at: datetime) -> None:
        os.utime(self._file, (at.timestamp(), at.timestamp()))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
