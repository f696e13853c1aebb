"""One writer at a time: SQLite's busy handler starves the unlucky, a queue in front of it does not.

Threads of one process queue at a lock in memory; the processes queue at a lock on a file, which the
system lets go by itself when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

_FIRST_PAUSE = 0.0001
_LONGEST_PAUSE = 0.001


class WriterQueue:
    """Take a place with `enter(deadline)`, give it back with `leave()`, in the same process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file: int | None = None
        self._pid = 0

    def enter(self, deadline: float) -> bool:
        """Wait for our turn until `deadline` (of time.monotonic); False: it never came."""
        if self._pid != os.getpid():
            self._begin_anew()
        if not self._threads.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return False
        if self._lock_file(deadline):
            return True
        self._threads.release()
        return False

    def leave(self) -> None:
        assert self._file is not None, "left the writer queue without having entered it"
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def _begin_anew(self) -> None:
        # After a fork the child shares the parent's open file, and with it the parent's lock.
        self._threads = threading.Lock()
        self._file = None
        self._pid = os.getpid()

    def _lock_file(self, deadline: float) -> bool:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
            # A pause, not a blocking flock: that one cannot be given up after two seconds.
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
