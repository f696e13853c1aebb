"""What check-flows proves: each proof is shown by a tree in which just that is broken."""

from __future__ import annotations

import pytest

from hotline.core.flow_check import check_library
from hotline.core.listening_time import listening_to_case
from hotline.library_files import load_library
from tests.core.sample_tree import Tree

MAIN, URGENT, CALLBACK, JOB = (f"flows/{n}.yaml" for n in ("main", "urgent", "callback", "job"))
PROMPTS, KEYWORDS = "audio/prompts.yaml", "flows/keywords.yaml"


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def faults_of(tree):
    return check_library(load_library(tree.root))


def test_a_whole_tree_is_proved(tree):
    assert faults_of(tree) == []


ADDED = "  lonely: {say: V_DONE, end: true}\n"
LOOP = "  one: {say: V_DONE, go: two}\n  two: {say: V_DONE, go: one}\n"
STUCK = "  stuck: {ask: V_CB_POST, choices: {1: {go: again}, 2: {go: again}}}\n"
SIX = " ".join(f"{n}, press {n}." for n in ("one", "two", "three", "four", "five", "six"))
LONG_KM = 'km: "' + "ខ" * 71 + '"'
MANY = "".join(f"      {key}: {{run: job}}\n" for key in "3456")

BROKEN = [
    (
        "a step nobody reaches",
        [(URGENT, "  done:", ADDED + "  done:")],
        URGENT,
        "lonely",
        "nobody reaches",
    ),
    (
        "a loop without an ask",
        [(URGENT, "  done:", LOOP + "  done:"), (URGENT, "go: done\n", "go: one\n")],
        URGENT,
        "one",
        "asks nothing",
    ),
    (
        "no way out",
        [(URGENT, "  done:", STUCK + "  done:"), (URGENT, "then: done", "then: stuck")],
        URGENT,
        "stuck",
        "no way out",
    ),
    ("a choice nobody tells", [(MAIN, ", hidden: true", "")], MAIN, "menu", "key 8 is a choice"),
    (
        "a told key that is no choice",
        [(MAIN, "      2: {run: job}\n", "")],
        MAIN,
        "menu",
        "tells key 2",
    ),
    (
        "more than five choices told",
        [
            (PROMPTS, "Missing child, press one. A job, press two.", SIX),
            (MAIN, "      2: {run: job}\n", "      2: {run: job}\n" + MANY),
        ],
        MAIN,
        "menu",
        "6 choices are told",
    ),
    (
        "no recording",
        [
            (
                PROMPTS,
                ', en: {file: en/V_MENU.mp3, hash: "0123456789ab", seconds: 3.0, quality: scratch}',
                "",
            )
        ],
        PROMPTS,
        "V_MENU",
        "no en recording",
    ),
    (
        "no text in a language",
        [(PROMPTS, '    en: "We will call."\n', "")],
        PROMPTS,
        "V_CB_DONE",
        "no en text",
    ),
    (
        "no text in Latin letters",
        [
            (
                PROMPTS,
                '    en: "We will call."\n    km: "ខ្មែរ"\n    km_latn: "khmer"\n',
                '    en: "We will call."\n    km: "ខ្មែរ"\n',
            )
        ],
        PROMPTS,
        "SMS_CALL_OK",
        "no km_latn text",
    ),
    (
        "a Khmer text of two segments",
        [
            (
                PROMPTS,
                '    en: "Reply 1 morning 0 no."\n    km: "ខ្មែរ"',
                '    en: "Reply 1 morning 0 no."\n    ' + LONG_KM,
            )
        ],
        PROMPTS,
        "SMS_CALL",
        "fills 2 segments",
    ),
    (
        "a number spelled out that nobody verified",
        [(PROMPTS, "police, one one seven.", "police, one one eight.")],
        PROMPTS,
        "V_MISSING",
        "118",
    ),
    (
        "a number written in a text that nobody verified",
        [(PROMPTS, "Ask before you go.", "Ask 012 345 678 first.")],
        PROMPTS,
        "SMS_JOB",
        "012345678",
    ),
    (
        "a voice prompt where a text is read",
        [
            (
                CALLBACK,
                "{say: {voice: V_CB_DONE, sms: SMS_CALL_OK}, go: back}",
                "{say: V_CB_DONE, go: back}",
            )
        ],
        CALLBACK,
        "end_of_it",
        "V_CB_DONE is not for sms",
    ),
    (
        "a question with nothing to read",
        [(CALLBACK, "ask: SMS_CALL", "ask: {voice: V_CB_NUMBER}")],
        CALLBACK,
        "by_text",
        "nothing to ask by sms",
    ),
    (
        "a flow that says sms and no text leads there",
        [(KEYWORDS, "flow: callback", "note: none")],
        CALLBACK,
        "",
        "serves sms",
    ),
    (
        "a text that leads into a flow for calls",
        [(KEYWORDS, "flow: callback", "flow: job")],
        JOB,
        "question",
        "reached by sms",
    ),
    (
        "a note nobody writes",
        [(JOB, "when: {danger:", "when: {dangr:")],
        JOB,
        "result",
        "'dangr' is not known",
    ),
    (
        "an unfilled placeholder",
        [(PROMPTS, '"We will call."', '"We will call, {score}."')],
        CALLBACK,
        "end_of_it",
        "{score}",
    ),
    (
        "a review that tells other keys",
        [(PROMPTS, "Send, press one. Again, press two.", "Send, press one.")],
        JOB,
        "message",
        "V_REVIEW tells",
    ),
    (
        "too long before the case",
        [
            (
                PROMPTS,
                'km/V_URGENT.mp3, hash: "0123456789ab", seconds: 4.0',
                'km/V_URGENT.mp3, hash: "0123456789ab", seconds: 61',
            )
        ],
        MAIN,
        "",
        "s of listening (km) before an open missing-child case",
    ),
    (
        "another key in Khmer",
        [(PROMPTS, "ចុចលេខមួយ។ ចុចលេខពីរ។", "ចុចលេខពីរ។ ចុចលេខបី។")],
        PROMPTS,
        "V_WELCOME",
        "key 2, 3 in Khmer and key 1, 2 in English",
    ),
    (
        "a last offer without its key",
        [(PROMPTS, 'en: "For our staff to call you, press one."', 'en: "Call again."')],
        PROMPTS,
        "V_ERR_LAST",
        "it tells no key",
    ),
    (
        "no number to ring",
        [(PROMPTS, "Call the police, one one seven.", "Call the police.")],
        MAIN,
        "",
        "no call leads to the police number 117",
    ),
    (
        "no case at all",
        [(URGENT, "kind: missing_child", "kind: other")],
        MAIN,
        "",
        "no call leads to an open missing-child case",
    ),
]


@pytest.mark.parametrize(
    ("what", "changes", "file", "step", "wrong"),
    BROKEN,
    ids=lambda v: v if isinstance(v, str) and " " in v else "",
)
def test_is_found(tree, what, changes, file, step, wrong):
    for change in changes:
        tree.changes(*change)
    found = [fault for fault in faults_of(tree) if wrong in fault.wrong]
    assert found, f"{what}: expected {wrong!r} among {faults_of(tree)}"
    assert (file, step) in {(fault.file, fault.step) for fault in found}
    assert all(fault.line > 0 and fault.right for fault in found)


def test_a_fourth_flow_inside_three_is_found(tree):
    for number, inner in ((1, "deep2"), (2, "deep3"), (3, "deep4")):
        tree.adds(
            f"flows/deep{number}.yaml",
            f"flow: deep{number}\ntitle: {{en: x}}\nchannels: [voice]\nstart: a\n"
            f"steps:\n  a: {{run: {inner}, then: back}}\n",
        )
    tree.adds(
        "flows/deep4.yaml",
        "flow: deep4\ntitle: {en: x}\nchannels: [voice]\nstart: a\n"
        "steps:\n  a: {say: V_DONE, go: back}\n",
    )
    tree.changes(MAIN, "8: {run: job.message, hidden: true}", "8: {run: deep1, hidden: true}")
    assert any("fourth flow" in fault.wrong for fault in faults_of(tree))


def test_a_flow_that_runs_itself_is_found(tree):
    tree.changes(JOB, "run: callback, then: back", "run: job.stop, then: back")
    assert {"asks nothing", "fourth flow"} & {
        part
        for fault in faults_of(tree)
        for part in ("asks nothing", "fourth flow")
        if part in fault.wrong
    }


def test_a_text_may_be_allowed_more_segments(tree):
    tree.changes(
        PROMPTS,
        '    en: "Reply 1 morning 0 no."\n    km: "ខ្មែរ"',
        '    en: "Reply 1 morning 0 no."\n    segments: 2\n    ' + LONG_KM,
    )
    assert faults_of(tree) == []


def test_listening_counts_what_is_said_on_the_way_to_the_key(tree):
    library = load_library(tree.root)
    heard_out = listening_to_case(library, "km", interrupts=False)
    at_once = listening_to_case(library, "km", interrupts=True)
    assert heard_out.seconds == 16.0  # welcome, first fact, menu, urgent: four takes of 4 s
    assert heard_out.path[-1] == "urgent.menu"
    assert 4.0 < at_once.seconds < heard_out.seconds
