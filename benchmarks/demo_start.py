"""Seconds from the command of `make demo` (all installed) until its phones can be picked up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.installation import ROOT, clean_environment
from benchmarks.rounds import Effort
from launcher.leash import leash

_READY = "The line is open"
_PATIENCE = 90.0


def measure(effort: Effort) -> list[Figure]:
    """An empty folder first, then the same folder again."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-demo-") as folder:
        first = _start(Path(folder))
        again = _start(Path(folder))
    return [
        Figure("demo", "demo, first start", first, "s", "an empty data folder", 15, None),
        Figure("demo", "demo, started again", again, "s", "the same folder", 15, None),
    ]


def _start(folder: Path) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "launcher", "--with-parent", "demo"],
        cwd=ROOT,
        env={**clean_environment(), "HOTLINE_DATA": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=leash(),
    )
    try:
        return _wait(process, began)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[str], began: float) -> float:
    assert process.stdout is not None
    for line in process.stdout:
        if _READY in line:
            return time.perf_counter() - began
        if time.perf_counter() - began > _PATIENCE:
            break
    raise RuntimeError("the demo did not come up")
