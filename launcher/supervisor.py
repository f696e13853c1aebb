"""Keeps programs running: starts again what died, less eagerly each time, and says so."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher.leftovers import Leftovers
from launcher.program import Program, last_lines, start, stop

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_GOOD_RUN = 60.0  # who ran that long is trusted again
_PATIENCE = 15.0


@dataclass(slots=True)
class _Kept:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    wait: float = _FIRST_WAIT
    again_at: float = field(default=0.0)


class Supervisor:
    """`say` tells the person at the screen. Programs stop in the reverse order of their start."""

    def __init__(self, leftovers: Leftovers, say: Callable[[str], None]) -> None:
        self._leftovers = leftovers
        self._say = say
        self._kept: list[_Kept] = []

    def add(self, program: Program) -> None:
        kept = _Kept(program)
        self._kept.append(kept)
        self._start(kept)

    def look_after(self) -> None:
        """Look once at every program; call it several times a second."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.process is not None and kept.process.poll() is not None:
                self._note_death(kept, now)
            if kept.process is None and now >= kept.again_at:
                self._start(kept)

    def stop_all(self) -> None:
        for kept in reversed(self._kept):
            if kept.process is not None and not stop(kept.process, _PATIENCE):
                self._say(f"{kept.program.name} did not stop by itself and was ended")
            kept.process = None
        self._kept.clear()
        self._leftovers.forget()

    def _start(self, kept: _Kept) -> None:
        kept.process = start(kept.program)
        kept.began = time.monotonic()
        self._leftovers.remember([k.process.pid for k in self._kept if k.process is not None])

    def _note_death(self, kept: _Kept, now: float) -> None:
        assert kept.process is not None
        code = kept.process.returncode
        kept.wait = (
            _FIRST_WAIT if now - kept.began > _GOOD_RUN else min(kept.wait * 2, _LONGEST_WAIT)
        )
        kept.again_at = now + kept.wait
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._say(f"{kept.program.name} {how}; starting it again in {kept.wait:g} s")
        for line in last_lines(kept.program):
            self._say(f"    {line}")
        stop(kept.process, 0)  # its own children may still be there
        kept.process = None
