"""The log that the page shows: every webhook with its answer, and everything that went wrong."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.bulletin import Bulletin
from simulator.clock import Clock


@dataclass(slots=True)
class Entry:
    """One webhook, or one problem (`kind` "problem": only `subject`, `code` and `words`)."""

    number: int
    at: str
    kind: str  # "call", "call status", "text", "receipt", "recording", "problem"
    subject: str  # SID of the call or text
    method: str = ""
    url: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    ms: int = 0
    body: str = ""
    code: str = ""
    words: str = ""
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values for the page."""
        return asdict(self)


class CallLog:
    """The last `longest` entries, in memory only."""

    def __init__(self, clock: Clock, bulletin: Bulletin, longest: int = 400) -> None:
        self._clock = clock
        self._bulletin = bulletin
        self._entries: deque[Entry] = deque(maxlen=longest)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.problems: list[Entry] = []
        self._listeners: list[Callable[[Entry], None]] = []

    def when_added(self, listener: Callable[[Entry], None]) -> None:
        """Call `listener` with each new entry, in the thread that made it."""
        self._listeners.append(listener)

    def add(self, kind: str, subject: str, **values: Any) -> Entry:
        """Keep one entry and show it."""
        entry = Entry(next(self._numbers), self._clock.now().isoformat(), kind, subject, **values)
        with self._lock:
            self._entries.append(entry)
            if kind == "problem":
                self.problems.append(entry)
                del self.problems[:-200]
        for listener in self._listeners:
            listener(entry)
        self._bulletin.publish({"type": "log", "entry": entry.as_json()})
        return entry

    def problem(self, subject: str, code: str, words: str) -> None:
        """Something a hotline must not do, or did not do; `code` as the carrier would name it."""
        self.add("problem", subject, code=code, words=words)

    def entries(self) -> list[Entry]:
        """Oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()
            self.problems.clear()
