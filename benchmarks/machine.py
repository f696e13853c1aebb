"""On which machine, with which versions, on which disk: told with every result."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
_PACKAGES = ("Flask", "Werkzeug", "gunicorn", "SQLAlchemy", "twilio", "rq", "redis", "cryptography")


def describe(folder: Path) -> dict[str, object]:
    """`folder` is on the disk whose fsync is timed."""
    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in _PACKAGES},
        "fsync_ms": fsync_milliseconds(folder),
        "load_average_at_start": round(os.getloadavg()[0], 2),
        "revision": _revision(),
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }


def told(machine: dict[str, object]) -> str:
    packages = machine["packages"]
    assert isinstance(packages, dict)
    versions = ", ".join(f"{name} {number}" for name, number in packages.items())
    return (
        f"{machine['at']}, revision {machine['revision']}: {machine['cores']} cores "
        f"({machine['cpu']}), {machine['memory_gib']} GiB, {machine['system']}, "
        f"load average {machine['load_average_at_start']} at the start. "
        f"Python {machine['python']}, SQLite {machine['sqlite']}, {versions}. "
        f"One fsync takes {machine['fsync_ms']} ms here; every turn is on disk before its answer "
        "(WAL, synchronous=FULL). Server unless said: gunicorn gthread, 1 worker, 8 threads, "
        "8 connections; the load shares the cores."
    )


def fsync_milliseconds(folder: Path, times: int = 40) -> float:
    """The median of appending one page and waiting for the disk."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 3)


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _revision() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
