"""The benchmarks run, and what they count is right. How fast anything is, no test says."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.measuring import measured


def test_every_page_that_is_measured_arrives_and_arrives_once(tmp_path: Path) -> None:
    told = measured(tmp_path, "benchmarks", "--quick", "alerts", seconds=240)["figures"]
    figures = {each["what"]: each["measured"] for each in told}
    assert figures["10 without Redis: pages lost"] == 0
    assert figures["10 without Redis: pages doubled"] == 0
    assert figures["9 key to page at the carrier, p50"] > 0
