"""Work in the background: errands of one subject in order, those of different subjects at once."""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Errand = Callable[[], None]


class Errands:
    """A subject is a call or a text. An errand that raises is reported, the next one still runs."""

    def __init__(self, crew: int = 48) -> None:
        self._pool = ThreadPoolExecutor(crew, thread_name_prefix="errand")
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[Errand]] = {}
        self.mishaps: list[str] = []

    def run(self, subject: str, errand: Errand) -> None:
        """Do `errand` after all earlier ones of `subject`."""
        with self._changed:
            if subject in self._waiting:
                self._waiting[subject].append(errand)
                return
            self._waiting[subject] = deque([errand])
        try:
            self._pool.submit(self._work, subject)
        except RuntimeError:  # closing down: nobody is interested any more
            with self._changed:
                self._waiting.pop(subject, None)

    def settle(self, patience: float) -> bool:
        """Wait at most `patience` seconds until nothing is under way."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, patience)

    def settle_one(self, subject: str, patience: float) -> bool:
        """Wait at most `patience` seconds until nothing of `subject` is under way."""
        with self._changed:
            return self._changed.wait_for(lambda: subject not in self._waiting, patience)

    def close(self) -> None:
        """Drop what has not begun and wait for the rest."""
        with self._changed:
            for queue in self._waiting.values():
                while len(queue) > 1:
                    queue.pop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, subject: str) -> None:
        while True:
            with self._changed:
                queue = self._waiting[subject]
                if not queue:
                    del self._waiting[subject]
                    self._changed.notify_all()
                    return
                errand = queue[0]
            try:
                errand()
            except Exception:  # an errand must not take the company down
                self.mishaps.append(traceback.format_exc())
            with self._changed:
                queue.popleft()
