"""Real programs, real calls, and a fault every second: nothing is lost. `make faults` does more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = "117"
FAULTS = "25"


@pytest.mark.timeout(400)  # under a minute where nothing else runs
def test_a_line_that_is_broken_all_the_time_loses_nothing(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = subprocess.run(
        (
            *(sys.executable, "-m", "benchmarks.faults", "--database", "sqlite"),
            *("--faults", FAULTS, "--seconds", "60", "--seed", SEED),
            *("--slowest", "15", "--results", str(results)),
        ),
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4000:]}"
    [run] = json.loads(results.read_text())["runs"]
    assert run["is_whole"]
    assert set(run["wrong"].values()) == {0}
    assert sum(run["faults"].values()) > 10
    assert run["told"]["cases opened"] > 5
    assert run["told"]["promises"] > 5
