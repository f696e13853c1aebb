"""Callers: they press keys, stay silent, speak, hang up at any point, ring again, write texts."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from itertools import count

from benchmarks.faults.witness import QUIET_WORDS, URGENT_WORDS
from simulator.phone_call import PhoneCall, Unexpected
from simulator.phones import PhoneCompany

SILENCE = ""
# What callers come for, as keys from the first question on, and how often.
MATTERS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (18, ("1", "1", "1")),  # a child is missing
    (10, ("1", "1", "2")),  # danger now
    (4, ("2", "1", "3")),  # missing abroad, in English
    (6, ("1", "1", SILENCE)),  # says nothing on the urgent menu
    (14, ("1", "2")),  # a job offer
    (6, ("1", "4", "4")),  # asks to be called
    (6, ("1", "4", "3")),  # leaves a voice message
    (36, ("1", "0", "3")),  # looks around
)
_AND_THEN = ("1", "1", "2", "2", "3", "9", "9", "0", "0", "5", SILENCE)
_HANGS_UP = 0.07  # before any turn
_RINGS_AGAIN = 0.12
_WRITES = 0.3  # a text and no call
_HIDES = 0.03
_MOST_TURNS = 14


class Callers:
    """A crowd in threads of its own, about `rate` conversations a second."""

    def __init__(self, company: PhoneCompany, seed: int, rate: float, crew: int = 8) -> None:
        self._company = company
        self._seed = seed
        self._pause = crew / rate
        self._numbers = count(1)
        self._open = threading.Event()
        self._going_home = threading.Event()
        self._busy = threading.Semaphore(crew)
        self._crew = crew
        self.conversations = 0
        self.mishaps: list[str] = []
        self._threads = [
            threading.Thread(target=self._live, args=(place,), daemon=True, name="caller")
            for place in range(crew)
        ]

    def start(self) -> None:
        self._open.set()
        for thread in self._threads:
            thread.start()

    def rest(self, patience: float) -> bool:
        """Nobody begins anything new; False when somebody is still on the line after `patience`."""
        self._open.clear()
        deadline = time.monotonic() + patience
        held = 0
        while held < self._crew and self._busy.acquire(timeout=max(0, deadline - time.monotonic())):
            held += 1
        for _ in range(held):
            self._busy.release()
        return held == self._crew

    def go_on(self) -> None:
        self._open.set()

    def go_home(self) -> None:
        self._going_home.set()
        self._open.set()

    # ------------------------------------------------------------ one caller after the other

    def _live(self, place: int) -> None:
        chance = random.Random(f"{self._seed} caller {place}")
        while not self._going_home.is_set():
            self._going_home.wait(chance.uniform(0, 2 * self._pause))
            self._open.wait()
            with self._busy:
                if self._open.is_set() and not self._going_home.is_set():
                    self._be_a_caller(chance)

    def _be_a_caller(self, chance: random.Random) -> None:
        number = f"+85577{next(self._numbers):06d}"
        self.conversations += 1
        tell = self._write if chance.random() < _WRITES else self._call
        try:
            tell(chance, number)
        except Unexpected:
            pass  # the line was away for longer than a caller waits
        except Exception as error:
            self.mishaps.append(f"{type(error).__name__}: {error}")

    def _call(self, chance: random.Random, number: str) -> None:
        phone = self._company.phone(number)
        phone.withhold_number(chance.random() < _HIDES)
        again = True
        while again:
            keys = chance.choices([m for _, m in MATTERS], [often for often, _ in MATTERS])[0]
            _talk(phone.dial(), chance, keys)
            again = chance.random() < _RINGS_AGAIN

    def _write(self, chance: random.Random, number: str) -> None:
        phone = self._company.phone(number)
        urgent = chance.random() < 0.4
        phone.texts(chance.choice(URGENT_WORDS if urgent else QUIET_WORDS))
        if chance.random() < 0.3:
            phone.texts(chance.choice(("5", "1", "MENU", "STOP")))


def _talk(call: PhoneCall, chance: random.Random, keys: tuple[str, ...]) -> None:
    try:
        for turn in range(_MOST_TURNS):
            call.listens()
            if call.is_over:
                return
            if chance.random() < _HANGS_UP:
                break
            key = keys[turn] if turn < len(keys) else chance.choice(_AND_THEN)
            act_of(call, chance, key)()
    finally:
        if not call.is_over:
            call.hang_up()


def act_of(call: PhoneCall, chance: random.Random, key: str) -> Callable[[], None]:
    """What this turn does: into a recorder one speaks, else one presses or stays silent."""
    if call.awaits == "voice":
        return lambda: call.speaks(2.0, chance.choice(("#", "")))
    return (lambda: call.press(key)) if key else call.stay_silent
