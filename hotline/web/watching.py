"""The thread in which a web process keeps watch over the workers (standing_in)."""

from __future__ import annotations

import threading

import structlog

from hotline.standing_in import EVERY, Watch

log = structlog.get_logger(__name__)


class Watchman(threading.Thread):
    """Looks every few seconds until the process ends; an error costs one look."""

    def __init__(self, watch: Watch, seconds: float = EVERY.total_seconds()) -> None:
        super().__init__(name="watchman", daemon=True)
        self._watch = watch
        self._seconds = seconds
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                self._watch.look()
            except Exception:  # whatever it is, somebody has to keep watch
                log.critical("watch_failed", exc_info=True)

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=10)
