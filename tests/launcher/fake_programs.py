"""Stand-ins for programs: one that lives until it is told to stop, one that dies at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from launcher.program import Program

_LIVE = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); signal.pause()"
_STUBBORN = (
    "import signal, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('ready', flush=True)\n"
    "while True: signal.pause()"
)
_DIES = "import sys; print('no bread', file=sys.stderr); sys.exit(3)"


def living(folder: Path, name: str = "living") -> Program:
    return _program(folder, name, _LIVE)


def stubborn(folder: Path) -> Program:
    return _program(folder, "stubborn", _STUBBORN)


def dying(folder: Path) -> Program:
    return _program(folder, "dying", _DIES)


def _program(folder: Path, name: str, code: str) -> Program:
    command = (sys.executable, "-S", "-c", code)
    return Program(name, command, dict(os.environ), folder, folder / f"{name}.log")
