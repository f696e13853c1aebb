"""Real programs, real calls, and a fault every second: nothing is lost. `make faults` does more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.measuring import measured

SEED = "117"
FAULTS = "25"


@pytest.mark.timeout(400)  # under a minute where nothing else runs
def test_a_line_that_is_broken_all_the_time_loses_nothing(tmp_path: Path) -> None:
    options = (
        *("--database", "sqlite", "--faults", FAULTS, "--seconds", "60", "--seed", SEED),
        *("--slowest", "15"),
    )
    [run] = measured(tmp_path, "benchmarks.faults", *options, seconds=380)["runs"]
    assert run["is_whole"]
    assert set(run["wrong"].values()) == {0}
    assert sum(run["faults"].values()) > 10
    assert run["told"]["cases opened"] > 5
    assert run["told"]["promises"] > 5
