"""flows/escalation.yaml: read whole, or every fault told with its line."""

from __future__ import annotations

from pathlib import Path

from hotline.core.escalation import Policies
from hotline.core.escalation_file import read_policies
from hotline.core.flow_fault import FaultBook
from hotline.yaml_file import read_yaml

GOOD = """policies:
  default:
    steps:
      - {after: 0, page: first, by: sms}
      - {after: 5m, page: second, by: sms}
    repeat_every: 10m
priorities: {P0: default, P1: default, P2: default, P3: default}
"""


def read(tmp_path: Path, text: str) -> tuple[Policies, list[str]]:
    file = tmp_path / "escalation.yaml"
    file.write_text(text)
    book = FaultBook("flows/escalation.yaml")
    data = read_yaml(file, book)
    assert data is not None
    return read_policies(data, book), [str(fault) for fault in book.faults]


def test_a_ladder_is_read_with_its_times(tmp_path: Path) -> None:
    policies, faults = read(tmp_path, GOOD)
    assert faults == []
    ladder = policies.of("P1")
    assert [(rung.after, rung.page) for rung in ladder.rungs] == [(0, "first"), (300, "second")]
    assert ladder.repeat_every == 600


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    bad = (
        GOOD.replace("page: second", "page: secnod").replace("5m", "soon").replace("P3: d", "P9: d")
    )
    _, faults = read(tmp_path, bad)
    text = "\n".join(faults)
    assert (
        "flows/escalation.yaml:5 default: page 'secnod' is not known; did you mean 'second'?"
        in text
    )
    assert "after is 'soon'" in text
    assert "the ladder of P3" in text


def test_a_ladder_that_begins_late_or_goes_backwards_is_refused(tmp_path: Path) -> None:
    _, faults = read(tmp_path, GOOD.replace("after: 0", "after: 9m"))
    assert any("the first page comes late" in fault for fault in faults)
    assert any("not in order of time" in fault for fault in faults)
