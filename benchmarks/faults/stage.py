"""What a fault can lay hands on, and the clock that the line reads."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.excuses import Excuses
from benchmarks.faults.machinery import Machinery
from simulator.phones import PhoneCompany


class MovedClock:
    """The offset that the programs of the line add to the real time; it may go back as well."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.offset = 0
        self.move(0)

    def move(self, seconds: int) -> None:
        self.offset += seconds
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{self.offset}\n")
        os.replace(fresh, self._file)


@dataclass(frozen=True, slots=True)
class Stage:
    machinery: Machinery
    company: PhoneCompany
    clock: MovedClock
    excuses: Excuses
    chance: random.Random
    database_url: str
