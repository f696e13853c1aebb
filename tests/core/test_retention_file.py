"""flows/retention.yaml: read whole, or every fault told with its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.core.flow_fault import FaultBook
from hotline.core.retention import ALLOWED
from hotline.core.retention_file import read_schedule
from hotline.yaml_file import read_yaml

REAL = (Path(__file__).parents[2] / "flows" / "retention.yaml").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str):
    file = tmp_path / "retention.yaml"
    file.write_text(text, encoding="utf-8")
    book = FaultBook("flows/retention.yaml")
    data = read_yaml(file, book)
    assert data is not None
    return read_schedule(data, book), [str(fault) for fault in book.faults]


def test_the_schedule_of_the_house(tmp_path: Path) -> None:
    schedule, faults = read(tmp_path, REAL)
    assert faults == []
    assert schedule.rules.keys() == ALLOWED.keys()
    assert schedule.rules["other_cases"].keep == timedelta(days=365)
    assert schedule.rules["authority"].asks == "two"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("keep: 365d, then: anonymise", "keep: 0d, then: anonymise", "other_cases: keep is '0d'"),
        ("keep: 365d, then: anonymise", "keep: ever, then: anonymise", "keep is 'ever'"),
        ("keep: 365d, then: anonymise", "keep: 1h, then: anonymise", "less than a day"),
        ("keep: 730d, then: anonymise, asks: two", "keep: 730d, then: anonymise, asks: nobody",
         "authority: asks: 'nobody' is not known"),
        ("keep: 90d, then: anonymise", "keep: 90d, then: delete", "advice: then: 'delete'"),
        ("  advice: {keep", "  advise: {keep", "the rule 'advise' is not known"),
        ("  advice: {keep", "  advise: {keep", "there is no rule advice"),
        ("share: 20", "share: 900", "share is '900'"),
        ("jump: 48h", "jump: 2h", "every day looks like a jump"),
        ("[no_help_wanted]", "[duplicate]", "duplicate is both no_case and advice"),
        ("[no_help_wanted]", "[]", "cases: advice is empty"),
        ("rules:", "rulez:", "there is no rule audit"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in REAL
    _, faults = read(tmp_path, REAL.replace(old, new, 1))
    assert any(told in fault for fault in faults), faults
    assert all(fault.startswith("flows/retention.yaml:") for fault in faults)
