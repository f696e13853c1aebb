"""Sweeps every few seconds in a thread of its own, with or without Redis."""

from __future__ import annotations

import threading

import structlog

from hotline.parts import Hotline
from workers.sweeps import sweep

log = structlog.get_logger()


class Sweeper(threading.Thread):
    """Runs `sweep` every `sweep_seconds`; an error costs one sweep, never the thread."""

    def __init__(self, hotline: Hotline) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._hotline = hotline
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                sweep(self._hotline)
            except Exception:  # the next sweep tries again: nothing is lost by this one
                log.exception("sweep_failed")
            self._stopping.wait(self._hotline.settings.sweep_seconds)

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=10)
