"""What every part of the phone company shares: account, clock, log, faults, webhooks, waiting."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from simulator.board import Board
from simulator.bulletin import Bulletin
from simulator.call_log import CallLog
from simulator.captions import Captions
from simulator.clock import Clock
from simulator.dialect import Account
from simulator.errands import Errands
from simulator.faults import Faults
from simulator.handset import Handset, Phonebook
from simulator.line import Line
from simulator.sounds import Sounds
from simulator.webhooks import Webhooks


class Exchange:
    """`turnstile` guards all state of calls and phones; whoever waits, waits on it."""

    def __init__(
        self,
        account: Account,
        *,
        clock: Clock,
        pace: float = 1.0,
        prompts: Path | None = None,
        fetches_sounds: bool = True,
    ) -> None:
        self.account = account
        self.clock = clock
        self.pace = pace
        self.address = ""  # our own base address, known once the server runs
        self.turnstile = threading.Condition(threading.RLock())
        self.bulletin = Bulletin()
        self.log = CallLog(clock, self.bulletin)
        self.board = Board(self.bulletin, clock)
        self.faults = Faults(self.bulletin)
        self.webhooks = Webhooks(account, self.faults, self.log, self.hold)
        self.captions = Captions(prompts)
        self.sounds = Sounds() if fetches_sounds else None
        self.errands = Errands()
        self.phones = Phonebook(
            self.turnstile, self.bulletin.publish, self.bulletin.has_readers, clock.now
        )
        self.closing = False
        clock.when_moved(self._wake)

    def new_line(self, phone: Handset) -> Line:
        """A line for `phone`, which is on it from now."""
        phone.line = line = self.draft_line(phone)
        return line

    def draft_line(self, phone: Handset) -> Line:
        """A line for `phone`, which is not on it yet."""
        line = Line(self.turnstile, self.clock, self.pace, lambda: self._changed(phone, line))
        line.owner = phone.number
        return line

    def _changed(self, phone: Handset, line: Line) -> None:
        self.board.see_line(line)
        self.phones.changed(phone)

    def sleep(self, seconds: float) -> None:
        """Let simulated time pass (scaled by the pace)."""
        end = self.clock.seconds() + seconds * self.pace
        with self.turnstile:
            while not self.closing and (left := end - self.clock.seconds()) > 0:
                self.turnstile.wait(min(left, 0.5))

    def hold(self, seconds: float) -> None:
        """Let real time pass: a retry after a moment, a fault that stalls."""
        end = time.monotonic() + seconds
        with self.turnstile:
            while not self.closing and (left := end - time.monotonic()) > 0:
                self.turnstile.wait(min(left, 0.5))

    def close(self) -> None:
        """Hang up every phone and send everybody home."""
        with self.turnstile:
            self.closing = True
            for phone in self.phones.all():
                if phone.line is not None:
                    phone.line.hung_up = True
            self.turnstile.notify_all()
        self.bulletin.close()
        self.errands.close()

    def _wake(self) -> None:
        with self.turnstile:
            self.turnstile.notify_all()
        self.bulletin.publish({"type": "clock", "moved_by": self.clock.moved_by})
