"""flows/triage.yaml: read whole, or every fault told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.content_files import load_content
from hotline.core.flow_fault import FaultBook
from hotline.core.triage import Triage
from hotline.core.triage_file import Written, read_triage, written_by
from hotline.web.desk.words import FLAGS, REASONS, RULES
from hotline.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
WRITTEN = Written(
    frozenset({"job_offer", "debt"}),
    {"under_18": frozenset({"yes", "no"}), "papers": frozenset({"yes", "no"}), "age": frozenset()},
    frozenset({"danger"}),
)
GOOD = """kinds:
  job_offer: P2
  debt: P3
  otherwise: P2
questions:
  job:
    kinds: [job_offer]
    safe: {under_18: no, papers: no}
rules:
  child:
    priority: P1
    when: {kind: [job_offer, debt], answers: {under_18: [yes, unknown]}}
  signs:
    priority: P1
    when: {signs: {job: 2}, scores: {danger: 1}, flag: quick_exit, reason: asked}
"""


def read(tmp_path: Path, text: str, written: Written | None = WRITTEN) -> tuple[Triage, str]:
    file = tmp_path / "triage.yaml"
    file.write_text(text)
    book = FaultBook("flows/triage.yaml")
    data = read_yaml(file, book)
    assert data is not None
    return read_triage(data, book, written), "\n".join(str(fault) for fault in book.faults)


def test_rules_are_read_with_all_they_ask_for(tmp_path: Path) -> None:
    triage, faults = read(tmp_path, GOOD)
    assert faults == ""
    assert dict(triage.kinds) == {"otherwise": "P2", "job_offer": "P2", "debt": "P3"}
    child, signs = triage.rules
    assert (child.code, child.priority, child.kinds) == ("child", "P1", {"job_offer", "debt"})
    assert child.answers == {"under_18": {"yes", "unknown"}}
    assert (signs.signs, signs.scores) == ({"job": 2}, {"danger": 1})
    assert (signs.flags, signs.reasons) == ({"quick_exit"}, {"asked"})


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("debt: P3", "debt: P4", ":3 -: the priority of debt 'P4' is not known"),
        ("  debt: P3\n", "", ":1 -: how urgent is 'debt'?; under kinds, write debt: P2"),
        ("  otherwise: P2\n", "", ":1 -: how urgent is 'otherwise'?"),
        ("priority: P1\n", "", "child: the priority of priority '' is not known"),
        ("papers: no", "paper: no", ":8 job: the answer 'paper' is not known; did you mean"),
        ("under_18: [yes", "under_18: [yess", "child: the value of under_18 'yess' is not known"),
        ("[yes, unknown]", "[no]", "child: under_18: no is a safe answer and raises nothing"),
        ("[yes, unknown]", "[]", "child: under_18 has no answer"),
        ("{job: 2}", "{jobs: 2}", ":15 signs: questions 'jobs' is not known; did you mean 'job'"),
        ("{job: 2}", "{job: many}", "signs: job is 'many'; write at least how many: job: 2"),
        ("{job: 2}", "{job: 0}", "signs: job is '0'"),
        ("{danger: 1}", "{dangers: 1}", "the score 'dangers' is not known"),
        ("flag:", "flags:", "signs: the condition 'flags' is not known; did you mean 'flag'?"),
        ("  signs:\n    p", "  Two Signs:\n    p", "'Two Signs' is no name for a reason"),
        ("safe: {under_18: no, papers: no}", "safe: {}", ":6 job: no question is named"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    assert fault in read(tmp_path, GOOD.replace(right, wrong, 1))[1]


def test_a_rule_that_holds_for_every_case_is_refused(tmp_path: Path) -> None:
    _, faults = read(tmp_path, GOOD + "  all:\n    priority: P0\n")
    assert "flows/triage.yaml:16 all: the rule holds for every case; write when:" in faults


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    _, faults = read(
        tmp_path, GOOD.replace("P3", "P7").replace("danger", "d").replace("job: 2", "x: 2")
    )
    assert faults.count("\n") == 2


def test_a_file_of_nothing_useful_is_refused(tmp_path: Path) -> None:
    _, faults = read(tmp_path, "- 1\n", None)
    assert "there is no rule" in faults


def test_with_broken_flows_the_names_are_not_asked_for(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("papers", "anything"), None)[1] == ""


def test_what_the_flows_write_is_found_wherever_it_stands() -> None:
    written = written_by(load_content(ROOT).library)
    assert {"missing_child", "job_offer", "callback", "safety_concern"} <= written.kinds
    assert written.answers["knows_employer"] == {"yes", "no"}
    assert {"calling"} <= written.answers["number"]
    assert "danger" in written.scores


def test_the_reasons_and_flags_of_the_real_rules_have_words_at_the_desk() -> None:
    rules = load_content(ROOT).triage.rules
    assert {rule.code for rule in rules} <= set(RULES)
    assert {reason for rule in rules for reason in rule.reasons} <= set(REASONS)
    assert {flag for rule in rules for flag in rule.flags} <= set(FLAGS)
