"""Claimed is not done: a case that nobody calls about comes back, until somebody has called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline import cases
from hotline.content_files import Content
from hotline.core.escalation import Policies
from hotline.core.local_time import PHNOM_PENH
from hotline.storage.case import get_case
from hotline.storage.database import Database
from hotline.storage.staff_member import find_staff_by_name
from tests.stories.line import Line, open_line
from tests.stories.test_paging import a_missing_child


def dara_takes_it(line: Line) -> str:
    """A missing child is told, and Dara has the case at once; its reference."""
    a_missing_child(line)
    line.dara.texts("1")
    ref = str(line.only_case().ref)
    line.dara.receives_text(containing=ref)
    return ref


def tries_to_call(line: Line, name: str, outcome: str) -> None:
    """As the desk writes it down."""
    case = line.only_case()
    with line.hotline.transaction() as tx:
        member = find_staff_by_name(tx, name)
        cases.note_attempt(line.hotline, tx, get_case(tx, case.id), member.id, outcome, "")


def test_who_takes_a_case_and_forgets_it_is_reminded_and_then_the_next_is_asked(line: Line) -> None:
    ref = dara_takes_it(line)
    line.minutes_pass(29)
    line.dara.receives_no_text()
    line.minutes_pass(1.1)
    line.dara.receives_text(containing=ref)
    line.dara.is_rung().ignore()
    line.minutes_pass(10.1)
    line.sophea.receives_text(containing=ref)
    assert "claim_lapsed" in line.happened(line.only_case())
    line.sophea.texts("1")
    line.sophea.receives_text(containing=ref)
    line.dara.receives_text(containing=ref)  # a colleague has it
    assert line.only_case().claimed_by_name == "Sophea"


def test_who_has_called_is_left_in_peace_until_the_next_day(line: Line) -> None:
    ref = dara_takes_it(line)
    line.dara.texts("1d")
    line.dara.receives_text(containing=ref)
    line.minutes_pass(23 * 60)
    line.dara.receives_no_text()
    line.minutes_pass(61)
    line.dara.receives_text(containing=ref)
    line.minutes_pass(24 * 60 + 1)
    line.dara.receives_text(containing=ref)
    line.bopha.receives_text(containing=ref)  # the second time supervisors hear of it too


def test_a_call_in_vain_is_tried_again_and_then_a_supervisor_decides(line: Line) -> None:
    ref = dara_takes_it(line)
    tries_to_call(line, "Dara", "no_answer")
    line.minutes_pass(15.1)
    line.dara.receives_text(containing=ref)  # the next try is due
    line.dara.is_rung().ignore()
    tries_to_call(line, "Dara", "no_answer")
    line.minutes_pass(0.1)
    line.bopha.receives_text(containing=ref)  # twice in vain, and it is urgent
    tries_to_call(line, "Dara", "busy")
    line.minutes_pass(0.1)
    line.bopha.receives_text(containing=ref)
    line.minutes_pass(60)
    line.bopha.receives_text(containing=ref)  # and again, until somebody decides
    line.everyone_has_done_their_work()
    line.minutes_pass(24 * 60)


def test_a_caller_who_is_not_safe_is_a_matter_for_the_supervisor_at_once(line: Line) -> None:
    ref = dara_takes_it(line)
    tries_to_call(line, "Dara", "unsafe")
    line.minutes_pass(0.1)
    line.bopha.receives_text(containing=ref)


def test_who_calls_a_case_that_nobody_took_has_it(line: Line) -> None:
    a_missing_child(line)
    tries_to_call(line, "Sophea", "reached")
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)  # a colleague has it
    assert line.only_case().claimed_by_name == "Sophea"
    line.minutes_pass(60)


def test_who_has_it_and_cannot_go_on_gives_it_back(line: Line) -> None:
    ref = dara_takes_it(line)
    line.dara.texts("1e")
    line.dara.receives_text(containing=ref)
    line.sophea.receives_text(containing=ref)
    assert line.only_case().state == "open"


def test_a_closed_case_is_never_heard_of_again(line: Line) -> None:
    dara_takes_it(line)
    line.everyone_has_done_their_work()
    line.minutes_pass(7 * 24 * 60)


def test_five_wrong_codes_are_answered_and_then_nothing_more(line: Line) -> None:
    a_missing_child(line)
    for _ in range(5):
        line.dara.texts("7")
        line.dara.receives_text()
    line.dara.texts("8")
    line.dara.receives_no_text()
    line.dara.texts("1")  # the right one still counts
    line.dara.receives_text(containing=line.only_case().ref)
    line.dara.texts("7")
    line.dara.receives_text()


@pytest.fixture
def line_that_asks_two(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Line]:
    """With a policy that wants two people on an urgent case."""
    two: dict[str, Any] = {
        name: replace(policy, acknowledge=2)
        for name, policy in content.policies.by_priority.items()
    }
    asks_two = replace(content, policies=Policies(two))
    with open_line(database, tmp_path / "data", key_ring_file, asks_two) as line:
        yield line


def test_where_two_must_take_it_the_ladder_goes_on_after_the_first(
    line_that_asks_two: Line,
) -> None:
    line = line_that_asks_two
    line.mother_asks_for_her_child()
    line.dara.receives_text()
    line.dara.texts("1")
    ref = line.only_case().ref
    line.dara.receives_text(containing=ref)
    line.minutes_pass(2.1)
    line.sophea.receives_text(containing=ref)
    line.takes_it(line.sophea)
    assert line.only_case().claimed_by_name == "Dara"
    line.minutes_pass(10)
    line.bopha.receives_no_text()  # two have it now


def test_nobody_is_hurried_to_call_who_said_no_but_a_supervisor_must_decide(line: Line) -> None:
    call = line.mother.dial()
    for key in "11112":  # a missing child, call me; and then: I do not agree
        call.press(key)
        call.listens()
    if not call.is_over:
        call.hang_up()
    case = line.only_case()
    assert "no_callback" in case.flags
    line.dara.receives_text(containing=case.ref)
    line.takes_it(line.dara)
    line.minutes_pass(31)
    line.minutes_pass(0)
    line.dara.receives_no_text()
    line.bopha.receives_text(containing=case.ref)


def dara_takes_it_after(line: Line, window: str) -> str:
    a_missing_child(line)
    case = line.only_case()
    with line.hotline.transaction() as tx:
        cases.add_answers(line.hotline, tx, case.id, plan=[("window", window)])
    line.dara.texts("1")
    line.dara.receives_text(containing=case.ref)
    return str(case.ref)


def minutes_until(line: Line, hour: int) -> float:
    now = line.hotline.now().astimezone(PHNOM_PENH)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return ((then - now) % timedelta(days=1)) / timedelta(minutes=1)


def test_nobody_is_hurried_to_ring_before_the_hour_the_caller_chose(line: Line) -> None:
    ref = dara_takes_it_after(line, "evening")
    line.minutes_pass(minutes_until(line, 16))
    line.dara.receives_no_text()
    line.sophea.receives_no_text()
    assert "claim_lapsed" not in line.happened(line.only_case())
    line.minutes_pass(minutes_until(line, 17) + 9)
    line.dara.receives_no_text()
    line.minutes_pass(2)
    line.dara.receives_text(containing=ref)
    line.dara.is_rung().ignore()
    line.minutes_pass(10.1)
    line.sophea.receives_text(containing=ref)


def test_an_hour_that_is_chosen_after_the_case_was_taken_counts_too(line: Line) -> None:
    ref = dara_takes_it(line)
    case = line.only_case()
    with line.hotline.transaction() as tx:
        cases.add_answers(line.hotline, tx, case.id, plan=[("window", "evening")])
    line.minutes_pass(31)
    line.minutes_pass(60)
    line.dara.receives_no_text()
    line.minutes_pass(minutes_until(line, 17) + 11)
    line.dara.receives_text(containing=ref)
    line.dara.is_rung().ignore()


def test_within_the_hours_the_clock_stays_what_it_is(line: Line) -> None:
    ref = dara_takes_it_after(line, "morning")
    line.minutes_pass(31)
    line.dara.receives_text(containing=ref)
    line.dara.is_rung().ignore()
