"""News for the browsers that watch: every change goes to every open page."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

News = dict[str, Any]


class Bulletin:
    """A page that does not read fast enough is dropped; it comes back and asks for everything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: set[queue.Queue[News | None]] = set()

    def publish(self, news: News) -> None:
        """Tell every page."""
        with self._lock:
            for reader in list(self._readers):
                try:
                    reader.put_nowait(news)
                except queue.Full:
                    self._readers.discard(reader)

    def has_readers(self) -> bool:
        """Somebody watches."""
        return bool(self._readers)

    @contextmanager
    def reading(self) -> Iterator[queue.Queue[News | None]]:
        """A queue of news; None means that the company closes."""
        reader: queue.Queue[News | None] = queue.Queue(maxsize=500)
        with self._lock:
            self._readers.add(reader)
        try:
            yield reader
        finally:
            with self._lock:
                self._readers.discard(reader)

    def close(self) -> None:
        """Send every reader home."""
        with self._lock:
            for reader in self._readers:
                if not reader.full():
                    reader.put_nowait(None)
