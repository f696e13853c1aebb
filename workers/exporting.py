"""Makes exports in a thread of its own: a page to staff never waits for a table of cases."""

from __future__ import annotations

import threading

import structlog

from hotline import exporting
from hotline.parts import Hotline
from workers.sending import owner_name

log = structlog.get_logger()


class Exporter:
    """`look` returns at once; one thread at a time makes what waits, and ends with it."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._thread: threading.Thread | None = None

    def look(self, hotline: Hotline) -> None:
        with self._one:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._make, args=(hotline,), name="exporter", daemon=True
                )
                self._thread.start()

    def wait(self) -> None:
        """Until it has made what it found."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _make(self, hotline: Hotline) -> None:
        try:
            exporting.make_waiting(hotline, owner_name())
        except Exception:  # the lease runs out, and a later sweep begins it anew
            log.exception("exporter_failed")


exporter = Exporter()


def look_for_exports(hotline: Hotline) -> None:
    """A step of each sweep: what a lost ring forgot, and what is to be deleted."""
    exporting.delete_old(hotline)
    if exporting.has_waiting(hotline):
        exporter.look(hotline)
