"""Whatever a caller does, in any order: the call ends, nothing fails, no opened case is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.core.engine import MOST_TURNS, accepts, advance, begin, resume
from hotline.core.turn import (
    Circumstances,
    Digits,
    DropVoice,
    HungUp,
    KeepVoice,
    OpenCase,
    Silence,
    TheEnd,
    Voice,
    Words,
)
from hotline.library_files import load_library

ROOT = Path(__file__).parents[2]
SAMPLE = load_library(Path(__file__).parent / "sample")
REAL = load_library(ROOT) if any((ROOT / "flows").glob("main*.yaml")) else SAMPLE

KEYS = st.sampled_from([*"0123456789*#", "012345678", "0961234567", "0*", "99999999999999"])
TURNS = st.one_of(
    KEYS.map(Digits),
    st.just(Silence()),
    st.builds(Voice, st.sampled_from(["v1", "v2", "v3"]), st.integers(0, 60)),
    st.builds(Words, st.one_of(st.text(max_size=30), st.sampled_from(["1", "២", "0", "បាទ", "5"]))),
)
LIKELY = st.one_of(st.sampled_from("123").map(Digits), TURNS)
AROUND = st.builds(
    Circumstances,
    channel=st.sampled_from(["voice", "sms"]),
    elapsed=st.sampled_from([0, 60, 721]),
    staff_on_duty=st.booleans(),
    can_be_rung=st.booleans(),
    is_known=st.booleans(),
    language=st.sampled_from([None, "km", "en"]),
    script=st.sampled_from([None, "khmer", "latin"]),
    agreed_to_texts=st.booleans(),
)
SETTINGS = settings(max_examples=150, derandomize=True)


def through_json(state):
    return json.loads(json.dumps(state))


def check(library, before, outcome):
    """What holds after every turn."""
    state = outcome.state
    assert through_json(state) == state
    assert isinstance(outcome.wait, TheEnd) == state["ended"]
    assert len(state["stack"]) <= 3
    assert all(saying.prompt in library.prompts for saying in outcome.say)
    if before is not None and before["has_case"]:
        assert state["has_case"], "an opened case was lost"
    if any(isinstance(effect, OpenCase) for effect in outcome.effects):
        assert state["has_case"]
    kept = [e for e in outcome.effects if isinstance(e, KeepVoice | DropVoice)]
    assert not kept or state["has_case"], "a voice message without a case"


@pytest.mark.parametrize("library", [SAMPLE, REAL], ids=["sample", "real"])
@SETTINGS
@given(around=AROUND, turns=st.lists(LIKELY, max_size=40), hangs_up=st.booleans(), data=st.data())
def test_any_turns_in_any_order(library, around, turns, hangs_up, data):
    flow = data.draw(st.sampled_from(sorted(library.flows)))
    step = data.draw(st.sampled_from([None, *library.flows[flow].steps]))
    outcome = begin(library, flow, around, step=step)
    check(library, None, outcome)
    around = replace(around, elapsed=0)
    for turn in [*turns, *([HungUp(), HungUp(), Digits("1")] if hangs_up else [])]:
        before = through_json(outcome.state)
        assert accepts(library, before, "1") in (True, False)
        outcome = advance(library, before, turn, around)
        check(library, before, outcome)
        if isinstance(turn, HungUp):
            assert outcome.say == ()
            assert outcome.state["ended"]
    again = resume(library, through_json(outcome.state), around)
    check(library, None, again)
    for turn in turns[:5]:
        again = advance(library, through_json(again.state), turn, around)
        check(library, None, again)


@SETTINGS
@given(turns=st.lists(LIKELY, min_size=1, max_size=12))
def test_every_call_ends_even_when_the_same_is_done_for_ever(turns):
    around = Circumstances("voice")
    outcome = begin(REAL, REAL.entry, around)
    for number in range(MOST_TURNS + 1):
        if outcome.state["ended"]:
            return
        turn = turns[number % len(turns)]
        outcome = advance(REAL, through_json(outcome.state), turn, around)
    pytest.fail("two hundred turns and still no end")


@SETTINGS
@given(turns=st.lists(LIKELY, max_size=15), again=st.lists(LIKELY, max_size=6))
def test_a_change_of_the_flows_in_the_middle_is_survived(turns, again):
    """The same state met by quite another tree: it starts again or goes on, and never fails."""
    around = Circumstances("voice")
    outcome = begin(REAL, REAL.entry, around)
    for turn in turns:
        outcome = advance(REAL, through_json(outcome.state), turn, around)
    had_case = outcome.state["has_case"]
    for library in (SAMPLE, REAL):
        for turn in again:
            outcome = advance(library, through_json(outcome.state), turn, around)
            check(library, None, outcome)
    assert outcome.state["has_case"] or not had_case
