"""The command line of each program of the hotline."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from socket import socket

from launcher.environment import CITY, ROOT
from launcher.program import Program


def web(
    where: str | socket, workers: int, environment: Mapping[str, str], log: Path | None
) -> Program:
    """`where`: host:port, or a socket that listens already."""
    door = None if isinstance(where, str) else where.fileno()
    command = (
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--bind", str(where) if door is None else f"fd://{door}"),
        *("--workers", str(workers)),
        *("--log-level", "warning"),  # the rest is in gunicorn.conf.py
    )
    return Program("web", command, environment, ROOT, log, () if door is None else (door,))


def workers(environment: Mapping[str, str], log: Path | None) -> Program:
    # The queue reads its time table in the local time of the process: make that the city's.
    local = {**environment, "TZ": CITY}
    return Program("workers", (sys.executable, "-m", "workers"), local, ROOT, log)


def simulator(
    door: socket, options: Mapping[str, str], environment: Mapping[str, str], log: Path
) -> Program:
    """`door` listens already; `options` by their long names without the dashes."""
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = (sys.executable, "-m", "simulator", "--door", str(door.fileno()), *words)
    return Program("simulator", command, environment, ROOT, log, (door.fileno(),))
