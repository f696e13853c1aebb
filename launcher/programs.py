"""The command line of each program of the hotline."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.environment import CITY, ROOT
from launcher.program import Program


def web(bind: str, workers: int, environment: Mapping[str, str], log: Path | None) -> Program:
    command = (
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--bind", bind, "--workers", str(workers)),
        *("--log-level", "warning"),  # the rest is in gunicorn.conf.py
    )
    return Program("web", command, environment, ROOT, log)


def workers(environment: Mapping[str, str], log: Path | None) -> Program:
    # The queue reads its time table in the local time of the process: make that the city's.
    local = {**environment, "TZ": CITY}
    return Program("workers", (sys.executable, "-m", "workers"), local, ROOT, log)


def simulator(options: Mapping[str, str], environment: Mapping[str, str], log: Path) -> Program:
    """`options` by their long names without the dashes."""
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = (sys.executable, "-m", "simulator", *words)
    return Program("simulator", command, environment, ROOT, log)
