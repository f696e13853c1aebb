"""Whom to page next, and when."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.escalation import WHOM, Clock, Policy, Roster, Rung, due_at, rung_at, whom

OPENED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
LADDER = Policy("default", (Rung(0, "first"), Rung(300, "second"), Rung(600, "supervisors")), 600)
DARA, SOPHEA, BOPHA = 1, 2, 3


def test_the_ladder_goes_from_the_first_to_the_second_to_the_supervisors() -> None:
    night = Roster(on_call=[DARA, SOPHEA], supervisors=[BOPHA], everyone=[DARA, SOPHEA, BOPHA])
    paged = [whom(rung_at(LADDER, step).page, night) for step in range(3)]
    assert paged == [(DARA,), (SOPHEA,), (BOPHA,)]


def test_after_the_last_rung_everyone_is_paged_again_and_again() -> None:
    times = [due_at(LADDER, step, OPENED) - OPENED for step in range(6)]
    assert times == [timedelta(minutes=minutes) for minutes in (0, 5, 10, 20, 30, 40)]
    assert rung_at(LADDER, 3).page == rung_at(LADDER, 99).page == "everyone"


def test_with_nobody_on_call_the_supervisor_is_paged_at_once() -> None:
    assert whom("first", Roster([], [BOPHA], [DARA, BOPHA])) == (BOPHA,)


def test_with_one_on_call_the_second_page_goes_to_the_supervisor() -> None:
    assert whom("second", Roster([DARA], [BOPHA], [DARA, BOPHA])) == (BOPHA,)


def test_with_no_supervisor_either_everyone_is_paged() -> None:
    assert whom("first", Roster([], [], [DARA, SOPHEA])) == (DARA, SOPHEA)


ids = st.lists(st.integers(1, 9), unique=True, max_size=4)


@given(st.sampled_from(WHOM), ids, ids, ids)
def test_while_anyone_is_there_somebody_is_paged(page, on_call, supervisors, everyone) -> None:
    roster = Roster(on_call, supervisors, [*everyone, *on_call, *supervisors])
    people = whom(page, roster)
    assert bool(people) == bool(roster.everyone)
    assert len(set(people)) == len(people)


@given(st.integers(0, 400))
def test_each_step_comes_later_than_the_one_before(step: int) -> None:
    assert due_at(LADDER, step + 1, OPENED) > due_at(LADDER, step, OPENED)


def test_a_ladder_frozen_as_json_is_the_same_ladder() -> None:
    assert Policy.from_data(json.loads(json.dumps(LADDER.as_data()))) == LADDER


def test_what_the_version_before_froze_can_still_be_read() -> None:
    old = {"name": "default", "rungs": [[0, "first", "sms"]], "repeat_every": 600}
    assert Policy.from_data(old) == Policy("default", (Rung(0, "first"),), 600)


def test_a_ladder_of_danger_frozen_as_json_is_the_same_ladder() -> None:
    clock = Clock(300, 600, 300, 86_400)
    ladder = Policy("danger", (Rung(0, "first", "both"),), 300, 2, True, clock)
    assert Policy.from_data(json.loads(json.dumps(ladder.as_data()))) == ladder


def test_who_said_that_they_cannot_is_left_out_and_the_next_is_asked() -> None:
    night = Roster([DARA, SOPHEA], [BOPHA], [DARA, SOPHEA, BOPHA])
    assert whom("first", night, {DARA}) == (SOPHEA,)
    assert whom("second", night, {DARA}) == (SOPHEA,)  # nobody is skipped
    assert whom("second", night, {DARA, SOPHEA}) == (BOPHA,)
    assert whom("supervisors", night, {BOPHA}) == (DARA, SOPHEA)


def test_when_everybody_has_said_no_everybody_is_asked_again() -> None:
    night = Roster([DARA], [BOPHA], [DARA, BOPHA])
    assert whom("first", night, {DARA, BOPHA}) == (DARA, BOPHA)


def test_the_last_pages_go_by_the_way_of_the_last_rung() -> None:
    ladder = Policy("danger", (Rung(0, "first"), Rung(300, "second", "both")), 300)
    assert rung_at(ladder, 7).by == "both"
