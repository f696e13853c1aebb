"""How a plan to call back grows key by key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.callback_plan import add_to_plan, more_urgent

PRIORITIES = st.sampled_from(["P0", "P1", "P2", "P3"])


def test_a_later_answer_adds_to_the_plan() -> None:
    plan = add_to_plan({"consent": "pending"}, [("consent", "yes"), ("window", "morning")])
    assert plan == {"consent": "yes", "window": "morning"}


def test_asking_for_consent_again_does_not_undo_a_no() -> None:
    assert add_to_plan({"consent": "no"}, [("consent", "pending")]) == {"consent": "no"}


def test_a_caller_may_change_their_mind() -> None:
    assert add_to_plan({"consent": "no"}, [("consent", "yes")]) == {"consent": "yes"}


@given(PRIORITIES, PRIORITIES)
def test_a_priority_only_rises(one: str, other: str) -> None:
    assert more_urgent(one, other) <= one
    assert more_urgent(one, other) == more_urgent(other, one)
