"""The benchmarks run, and what they count is right. How fast anything is, no test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from hotline.wiring import ROOT


def test_every_page_that_is_measured_arrives_and_arrives_once(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks", "--quick", "--results", str(results), "alerts"),
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4000:]}"
    figures = {
        each["what"]: each["measured"] for each in json.loads(results.read_text())["figures"]
    }
    assert figures["10 without Redis: pages lost"] == 0
    assert figures["10 without Redis: pages doubled"] == 0
    assert figures["9 key to page at the carrier, p50"] > 0
