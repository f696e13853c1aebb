"""How a plan to call back grows key by key."""

from __future__ import annotations

from hotline.core.callback_plan import add_to_plan, is_more_urgent


def test_a_later_answer_adds_to_the_plan() -> None:
    plan = add_to_plan({"consent": "pending"}, [("consent", "yes"), ("window", "morning")])
    assert plan == {"consent": "yes", "window": "morning"}


def test_asking_for_consent_again_does_not_undo_a_no() -> None:
    assert add_to_plan({"consent": "no"}, [("consent", "pending")]) == {"consent": "no"}


def test_a_caller_may_change_their_mind() -> None:
    assert add_to_plan({"consent": "no"}, [("consent", "yes")]) == {"consent": "yes"}


def test_p0_is_the_most_urgent() -> None:
    assert is_more_urgent("P0", "P1")
    assert not is_more_urgent("P3", "P2")
    assert not is_more_urgent("P1", "P1")
