"""A program to be kept running, and one running process of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.leash import leash


@dataclass(frozen=True, slots=True)
class Program:
    """`log` None: its lines go where the launcher's own go. `doors`: open sockets it is given."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path | None = None
    doors: tuple[int, ...] = ()


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start it in a group of its own, so that Ctrl-C reaches the launcher first, and on a leash."""
    out = None
    if program.log is not None:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        out = os.open(program.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            program.command,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            pass_fds=program.doors,
            preexec_fn=leash(),
        )
    finally:
        if out is not None:
            os.close(out)


def stop(process: subprocess.Popen[bytes], patience: float) -> bool:
    """Ask it to stop, then insist; False if it had to be killed."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        _kill_group(process.pid)
        process.wait()


def last_lines(program: Program, count: int = 5) -> list[str]:
    """The end of its log, to say why it may have died."""
    if program.log is None or not program.log.exists():
        return []
    return program.log.read_text(errors="replace").splitlines()[-count:]


def ask_to_stop(pid: int, patience: float) -> None:
    """Stop a process that is not our child: a leftover."""
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    _kill_group(pid)
    _signal(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _kill_group(pid: int) -> None:
    # Each program leads a group of its own, so this reaches its children and nobody else's.
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
