"""Two clocks a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.clocks import attempt_due, claim_due
from hotline.core.escalation import Clock

OPENED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
NOW = Clock(claim=300, attempt=600, lapse=300, follow_up=86_400)


def minutes(count: float) -> datetime:
    return OPENED + timedelta(minutes=count)


def test_danger_is_claimed_in_five_minutes_and_called_in_ten() -> None:
    assert claim_due(NOW, OPENED) == minutes(5)
    assert attempt_due(NOW, OPENED) == minutes(10)


def test_who_takes_it_at_once_has_no_more_time_for_the_call() -> None:
    assert attempt_due(NOW, OPENED, minutes(1)) == minutes(10)


def test_who_takes_it_late_still_has_the_time_between_the_two() -> None:
    assert attempt_due(NOW, OPENED, minutes(42)) == minutes(47)


spans = st.integers(60, 10**6)


@given(spans, spans, st.integers(0, 10**6))
def test_a_call_is_never_due_before_the_case_was_taken(claim: int, more: int, late: int) -> None:
    clock = Clock(claim, claim + more, 60, 60)
    claimed = OPENED + timedelta(seconds=late)
    assert attempt_due(clock, OPENED, claimed) >= claimed
    assert attempt_due(clock, OPENED, claimed) >= attempt_due(clock, OPENED)
