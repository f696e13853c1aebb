"""Faults of written flows: all at once, each with its file, its line and what would be right."""

from __future__ import annotations

import pytest

from hotline.library_files import FlowFaults, load_library
from tests.core.sample_tree import Tree

MAIN, URGENT, CALLBACK, JOB = (f"flows/{n}.yaml" for n in ("main", "urgent", "callback", "job"))
PROMPTS = "audio/prompts.yaml"


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def faults_of(tree):
    with pytest.raises(FlowFaults) as caught:
        load_library(tree.root)
    return caught.value.faults


def test_a_whole_tree_loads(tree):
    library = load_library(tree.root)
    assert library.entry == "main"
    assert str(library.home) == "main.menu"
    assert [str(place) for place in library.topics] == ["callback"]


def test_an_answer_is_read_as_it_is_written(tree):
    tree.changes(JOB, "note: {under_18: no}", "note: {under_18: 012}")
    way = load_library(tree.root).flows["job"].steps["question"].action.choices["2"]
    assert way.notes == (("under_18", "012"),)


def test_every_fault_of_every_file_is_told_at_once(tree):
    tree.changes(MAIN, "ask: V_MENU", "ask: V_MENUE").changes(URGENT, "go: missing", "go: mising")
    tree.changes(PROMPTS, "channel: [voice]", "channel: [radio]")
    files = {fault.file for fault in faults_of(tree)}
    assert files == {MAIN, URGENT, PROMPTS}


WRONG = [
    (MAIN, "ask: V_MENU", "ask: V_MENUE", "menu", "the prompt 'V_MENUE' is not known", "V_MENU"),
    (MAIN, "go: urgent.menu", "go: urgent.meny", "menu", "the step 'meny' is not known", "menu"),
    (MAIN, "go: urgent.menu", "go: urgnt.menu", "menu", "the flow 'urgnt' is not known", "urgent"),
    (MAIN, "run: job}", "run: jobb}", "menu", "the flow 'jobb' is not known", "job"),
    (MAIN, "language: km", "language: fr", "welcome", "the language 'fr' is not known", "km"),
    (MAIN, "flow: main", "flow: start", "", "called 'start' in a file called 'main'", "flow: main"),
    (MAIN, "start: welcome", "start: hello", "", "start 'hello' is not a step", "welcome"),
    (MAIN, "home: menu", "home: list", "", "home 'list' is not a step", "home:"),
    (MAIN, "resumable: true", "resumable: yes", "", "neither true nor false", "resumable: true"),
    (MAIN, "channels: [voice]", "channels: [radio]", "", "the channel 'radio'", "voice"),
    (MAIN, "hidden: true", "hiden: true", "menu", "the word 'hiden' is not known", "hidden"),
    (
        MAIN,
        "{say: V_FIRST_FACT, go: menu}",
        "{say: V_FIRST_FACT}",
        "first_fact",
        "no way out",
        "go:",
    ),
    (MAIN, "{say: V_FIRST_FACT, go: menu}", "{go: menu}", "first_fact", "does nothing", "say:"),
    (MAIN, "  first_fact:", "  home:", "home", "a step cannot be called 'home'", "small letters"),
    (MAIN, "1: {go: urgent.menu}", "1: {note: {a: b}}", "menu", "leads nowhere", "go: step"),
    (MAIN, "1: {go: urgent.menu}", "12: {go: urgent.menu}", "menu", "'12' is not a key", "0-9"),
    (URGENT, "priority: P1", "priority: high", "menu", "the priority is 'high'", "P0, P1"),
    (
        URGENT,
        "kind: missing_child",
        "kind: Missing child",
        "menu",
        "kind is 'Missing child'",
        "code",
    ),
    (
        URGENT,
        "{update_case: {flag: hung_up_early}}",
        "{go: done}",
        "missing",
        "leads on",
        "effects",
    ),
    (
        CALLBACK,
        "- {else: number}",
        "- {when: {channel: voice}, go: number}",
        "which",
        "everybody",
        "else",
    ),
    (CALLBACK, "into: plan.number", "into: number", "other", "into is 'number'", "plan.number"),
    (CALLBACK, "after: V_CB_POST", "afer: V_CB_POST", "other", "does not ask whether", "after:"),
    (CALLBACK, "kind: phone", "kind: fax", "other", "the kind 'fax' is not known", "phone"),
    (
        JOB,
        "score: {danger: 1}",
        "score: {danger: high}",
        "question",
        "score danger is 'high'",
        "whole",
    ),
    (JOB, "longest: 2", "longest: 99", "present", "longest is out of range", "1 to 20"),
    (
        JOB,
        "record: V_RECORD",
        "record: V_RECORD\n    ask: V_Q1",
        "message",
        "at once",
        "one step of",
    ),
    (
        JOB,
        "go: result, note: {under_18: no}",
        "then: result",
        "question",
        "then stands without run",
        "go",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "step", "wrong", "right"), WRONG)
def test_a_fault_names_its_place_and_what_would_be_right(tree, file, old, new, step, wrong, right):
    tree.changes(file, old, new)
    found = [fault for fault in faults_of(tree) if wrong in fault.wrong]
    assert found, f"expected {wrong!r} among {faults_of(tree)}"
    assert (found[0].file, found[0].step) == (file, step)
    assert right in found[0].right
    assert found[0].line > 0


def test_a_fault_stands_at_its_line(tree):
    tree.changes(URGENT, "priority: P1", "priority: high")
    assert faults_of(tree)[0].line == tree.line_of(URGENT, "priority: high")


def test_a_name_written_twice_is_a_fault(tree):
    tree.changes(MAIN, "      2: {run: job}", "      1: {run: job}")
    fault = faults_of(tree)[0]
    assert fault.wrong == "'1' is written twice"
    assert fault.line == tree.line_of(MAIN, "1: {run: job}")


@pytest.mark.parametrize("text", ["flow: [", "", "\t- x: {", "- a\n- b\n"])
def test_a_file_that_is_no_flow_is_a_fault_and_no_crash(tree, text):
    (tree.root / "flows" / "odd.yaml").write_text(text, encoding="utf-8")
    assert any(fault.file == "flows/odd.yaml" for fault in faults_of(tree))


def test_a_file_that_is_not_utf_8_is_a_fault(tree):
    (tree.root / "flows" / "odd.yaml").write_bytes(b"flow: \xff\xfe")
    assert any("cannot be read" in fault.wrong for fault in faults_of(tree))


def test_there_is_exactly_one_home(tree):
    tree.changes(MAIN, "home: menu\n", "")
    assert any("no flow has a home" in fault.wrong for fault in faults_of(tree))
    tree.changes(MAIN, "start: welcome\n", "start: welcome\nhome: menu\n")
    tree.changes(JOB, "start: question\n", "start: question\nhome: question\n")
    assert any("job, main has a home" in fault.wrong for fault in faults_of(tree))


def test_a_topic_that_leads_nowhere_is_a_fault(tree):
    tree.changes("flows/keywords.yaml", "flow: callback", "flow: callbak")
    fault = faults_of(tree)[0]
    assert fault.file == "flows/keywords.yaml"
    assert "'callback'" in fault.right


def test_a_prompt_the_line_itself_says_may_not_be_missing(tree):
    tree.changes(PROMPTS, "  V_QUICK_EXIT:", "  V_QUICK_EXITS:")
    assert any("V_QUICK_EXIT is missing" in fault.wrong for fault in faults_of(tree))


def test_the_revision_is_the_content_of_the_flows(tree):
    before = load_library(tree.root).revision
    assert load_library(tree.root).revision == before
    tree.changes(MAIN, "The line answers", "The line answers you")
    assert load_library(tree.root).revision != before
