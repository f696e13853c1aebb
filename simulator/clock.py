"""The clock of the phone company: real time plus an offset that can only grow."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Simulated time. The offset is kept in `file` (whole seconds) for the hotline."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._moved = self._read()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Simulated time, aware, UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """Simulated seconds since 1970."""
        return time.time() + self._moved

    @property
    def moved_by(self) -> int:
        """Seconds that the clock is ahead of real time."""
        return self._moved

    def move(self, seconds: int) -> None:
        """Move forward; everything that waits looks at the time again. ValueError if backwards."""
        if seconds < 0:
            raise ValueError(f"the clock only goes forward, not by {seconds} s")
        with self._lock:
            self._moved += seconds
            self._write()
        for listener in self._listeners:
            listener()

    def when_moved(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move."""
        self._listeners.append(listener)

    def _read(self) -> int:
        if self._file is None or not self._file.exists():
            return 0
        text = self._file.read_text(encoding="ascii").strip()
        return max(0, int(text)) if text.lstrip("-").isdigit() else 0

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".clock-")
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"{self._moved}\n")
        os.replace(name, self._file)
