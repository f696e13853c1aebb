"""flows/escalation.yaml: read whole, or every fault told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.core.escalation import Clock, Policies
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
clocks:
  P0: {claim: 5m, attempt: 10m, lapse: 5m, follow_up: 24h}
  P1: {claim: 15m, attempt: 30m, lapse: 10m, follow_up: 24h}
  P2: {claim: 4h, attempt: 12h, lapse: 2h, follow_up: 72h}
  P3: {claim: 24h, attempt: 72h, lapse: 24h, follow_up: 168h}
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


def test_a_ladder_may_ask_for_two_people_and_may_be_calm(tmp_path: Path) -> None:
    written = GOOD.replace("default:\n", "default:\n    acknowledge: 2\n    calm: yes\n")
    policies, faults = read(tmp_path, written)
    assert faults == []
    assert (policies.of("P0").acknowledge, policies.of("P0").is_calm) == (2, True)


def test_each_priority_has_its_own_clock(tmp_path: Path) -> None:
    policies, _ = read(tmp_path, GOOD)
    assert policies.of("P0").clock == Clock(300, 600, 300, 86_400)
    assert policies.of("P2").clock.claim == 4 * 3600


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("page: second, by: sms", "page: second, by: pigeon", "by 'pigeon' is not known"),
        ("repeat_every: 10m", "repeat_every: 10m\n    acknowledge: 3", "acknowledge is '3'"),
        ("repeat_every: 10m", "repeat_every: 10m\n    acknowledge: 0", "acknowledge is '0'"),
        ("repeat_every: 10m", "repeat_every: 10s", "repeats too fast"),
        ("  P3: {claim: 24h", "  P4: {claim: 24h", "P3 has no clock"),
        ("P0: {claim: 5m", "P0: {claim: 50m", "P0 must be called before it is claimed"),
        ("lapse: 5m", "lapse: 5s", "a clock of P0 is under a minute"),
        ("lapse: 5m", "lapse: soon", "lapse is 'soon'"),
    ],
)
def test_what_cannot_work_is_told_with_what_would(
    tmp_path: Path, good: str, bad: str, told: str
) -> None:
    assert good in GOOD
    _, faults = read(tmp_path, GOOD.replace(good, bad, 1))
    assert any(told in fault for fault in faults), faults
