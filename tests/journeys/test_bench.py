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


def test_the_desk_asks_the_database_few_things_on_either_engine(tmp_path: Path) -> None:
    told = measured(tmp_path, "benchmarks", "--quick", "desk", seconds=240)["figures"]
    figures = {each["what"]: each["measured"] for each in told}
    for engine in ("SQLite", "PostgreSQL"):
        assert 0 < figures[f"{engine}: SQL statements of a page, the most"] <= 15
        assert figures[f"{engine}: Now, 500 cases"] > 0
        assert figures[f"{engine}: Now, 250 of 500 cases not closed"] > 0
