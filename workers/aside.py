"""Long work in a thread of its own: a page to staff never waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from hotline.parts import Hotline

log = structlog.get_logger()


class Aside:
    """`begin` returns at once; one thread at a time does the work, and ends with it."""

    def __init__(self, work: Callable[[Hotline], object]) -> None:
        self._work = work
        self._one = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, hotline: Hotline) -> None:
        with self._one:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._do, args=(hotline,), name=self._work.__name__, daemon=True
                )
                self._thread.start()

    def wait(self) -> None:
        """Until it has done what it found."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _do(self, hotline: Hotline) -> None:
        try:
            self._work(hotline)
        except Exception:  # a later sweep begins it anew
            log.critical("step_of_sweep_failed", step=self._work.__name__, exc_info=True)
