"""When what went wrong: an answer that did not come is excused only while the web was not there."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

WEB_AWAY = "web away"  # requests may go unanswered, or wait
NOT_KEPT = "nothing can be written"  # an apology may be all there is
_STILL = float("inf")


@dataclass(slots=True)
class Excuse:
    """A stretch of time, by time.monotonic; `until` infinite while it lasts."""

    what: str
    since: float
    until: float = _STILL


class Excuses:
    """All of them, for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: list[Excuse] = []

    def begin(self, what: str) -> Excuse:
        excuse = Excuse(what, time.monotonic())
        with self._lock:
            self._known.append(excuse)
        return excuse

    def end(self, excuse: Excuse, margin: float = 0.0) -> None:
        """`margin`: seconds for which it still counts."""
        excuse.until = time.monotonic() + margin

    def hold(self, what: str, since: float, until: float) -> bool:
        """Was this so at any moment between the two?"""
        with self._lock:
            return any(
                each.what == what and each.since <= until and each.until >= since
                for each in self._known
            )
