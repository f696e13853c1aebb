"""A benchmark as somebody at a shell starts it, and what it wrote down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hotline.wiring import ROOT


def measured(folder: Path, module: str, *options: str, seconds: float) -> dict[str, Any]:
    """The results of `python -m module options`, which must end well within `seconds`."""
    results = folder / "results.json"
    done = subprocess.run(
        (sys.executable, "-m", module, *options, "--results", str(results)),
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4000:]}"
    found: dict[str, Any] = json.loads(results.read_text())
    return found
