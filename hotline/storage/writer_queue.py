"""One writer at a time: SQLite's busy handler starves the unlucky, a queue in front of it does not.

Processes queue at a lock on a file, which the system lets go by itself when a process dies; the
threads of a process queue in the order they came. A process that has the file hands it from thread
to thread a few times before other processes get their turn.

Waiting for a file lock cannot be given up half-way, so one thread of each process does the waiting
for all others, and those wait for it no longer than they want to.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

_LONGEST_RUN = 4


class _Place:
    """A thread's place in the queue: `turn` is released when it may go."""

    __slots__ = ("given", "turn")

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.given = False

    def give(self) -> None:
        self.given = True
        self.turn.release()


class WriterQueue:
    """Take a place with `enter(deadline)`, give it back with `leave()`, in the same process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pid = 0
        self._beginning = threading.Lock()

    def enter(self, deadline: float) -> bool:
        """Wait for our turn until `deadline` (of time.monotonic); False: it never came.

        Raises OSError where the lock file cannot be opened.
        """
        if self._pid != os.getpid():
            self._begin_in_this_process()
        with self._mutex:
            if self._nobody_is_before_us() and self._lock_file(fcntl.LOCK_NB):
                self._held, self._run = True, 0
                return True
            place = _Place()
            self._waiting.append(place)
            self._send_for_the_file()
        if place.turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return True
        with self._mutex:
            if not place.given:
                self._waiting.remove(place)
            return place.given

    def leave(self) -> None:
        with self._mutex:
            if self._waiting and self._run < _LONGEST_RUN:
                self._run += 1
                self._waiting.popleft().give()
                return
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._held = False
            if self._waiting:
                self._send_for_the_file()

    def close(self) -> None:
        """Let the file and the waiting thread go; the next `enter` begins anew.

        For when nobody is in the queue; while somebody is, it does nothing.
        """
        with self._beginning:
            if self._pid != os.getpid():
                return
            with self._mutex:
                if not self._nobody_is_before_us():
                    return
                self._pid, waiter = 0, self._waiter
            if waiter is not None:
                self._errands.release()
                waiter.join()
            os.close(self._file)

    def _begin_in_this_process(self) -> None:
        # After a fork the child shares the parent's open file, and with it the parent's lock.
        if self._pid:
            self._beginning = threading.Lock()
        with self._beginning:
            if self._pid == os.getpid():
                return
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._mutex = threading.Lock()
            self._waiting: deque[_Place] = deque()
            self._held = False  # a thread of this process has the file
            self._run = 0  # how often it was handed on
            self._sent = False  # the waiting thread is out for it
            self._errands = threading.Semaphore(0)
            self._waiter: threading.Thread | None = None
            self._pid = os.getpid()

    def _nobody_is_before_us(self) -> bool:
        return not (self._held or self._sent or self._waiting)

    def _lock_file(self, how: int) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | how)
        except BlockingIOError:
            return False
        return True

    def _send_for_the_file(self) -> None:
        if self._held or self._sent:
            return
        self._sent = True
        if self._waiter is None:
            self._waiter = threading.Thread(
                target=self._wait_for_the_file, name="writer queue", daemon=True
            )
            self._waiter.start()
        self._errands.release()

    def _wait_for_the_file(self) -> None:
        while True:
            self._errands.acquire()
            if not self._pid:
                return  # closed
            self._lock_file(0)
            with self._mutex:
                self._sent = False
                if self._waiting:
                    self._held, self._run = True, 0
                    self._waiting.popleft().give()
                else:  # everybody gave up meanwhile
                    fcntl.flock(self._file, fcntl.LOCK_UN)
