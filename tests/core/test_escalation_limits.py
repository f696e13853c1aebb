"""No ladder set at the desk may leave a case without anybody being asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.content_files import Content
from hotline.core.escalation import BY, WHOM, Clock, Policy, Rung, due_at
from hotline.core.escalation_limits import (
    CALLED_BEFORE_TAKEN,
    HOUR,
    LATE_FIRST,
    LONGEST_CALM_GAP,
    LONGEST_GAP,
    MINUTE,
    NO_RUNG,
    NOT_IN_ORDER,
    TOO_FAST,
    TOO_LONG,
    TOO_LONG_SILENT,
    TOO_MANY_ANSWERS,
    TOO_SHORT,
    UNKNOWN,
    URGENT_TOO_LONG,
    URGENT_WAITS_LONGER,
    clock_faults,
    ladder_faults,
)

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
GOOD = Policy("urgent", (Rung(0, "first"), Rung(300, "second", "both")), 600)
CLOCKS = {
    "P0": Clock(300, 600, 300, 24 * HOUR),
    "P1": Clock(900, 1800, 600, 24 * HOUR),
    "P2": Clock(4 * HOUR, 12 * HOUR, 2 * HOUR, 72 * HOUR),
    "P3": Clock(24 * HOUR, 72 * HOUR, 24 * HOUR, 168 * HOUR),
}


def test_the_ladders_and_clocks_the_house_comes_with_are_good(content: Content) -> None:
    written = {priority: content.policies.of(priority) for priority in CLOCKS}
    assert [ladder_faults(policy) for policy in written.values()] == [{}] * 4
    assert clock_faults({priority: policy.clock for priority, policy in written.items()}) == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rungs": ()}, {"rungs": NO_RUNG}),
        ({"rungs": (Rung(60, "first"),)}, {"rung-0-after": LATE_FIRST}),
        ({"rungs": (Rung(0, "nobody"),)}, {"rung-0": UNKNOWN}),
        ({"rungs": (Rung(0, "first", "pigeon"),)}, {"rung-0": UNKNOWN}),
        ({"rungs": (Rung(0, "first"), Rung(0, "second"))}, {"rung-1-after": NOT_IN_ORDER}),
        ({"rungs": (Rung(0, "first"), Rung(3601, "second"))}, {"rung-1-after": TOO_LONG_SILENT}),
        ({"repeat_every": 59}, {"repeat_every": TOO_FAST}),
        ({"repeat_every": 3601}, {"repeat_every": TOO_LONG_SILENT}),
        ({"repeat_every": 3601, "is_calm": True}, {}),
        ({"acknowledge": 3}, {"acknowledge": TOO_MANY_ANSWERS}),
        ({"acknowledge": 0}, {"acknowledge": TOO_MANY_ANSWERS}),
    ],
)
def test_a_ladder_that_would_leave_somebody_waiting(change: dict, fault: dict) -> None:
    assert ladder_faults(replace(GOOD, **change)) == fault


@pytest.mark.parametrize(
    ("priority", "change", "fault"),
    [
        ("P0", {"claim": 59}, {"P0-claim": TOO_SHORT}),
        ("P3", {"follow_up": 15 * 24 * HOUR}, {"P3-follow_up": TOO_LONG}),
        ("P3", {"claim": 73 * HOUR}, {"P3-attempt": CALLED_BEFORE_TAKEN}),
        ("P0", {"claim": 901, "attempt": 1000}, {"P0-claim": URGENT_WAITS_LONGER}),
        ("P1", {"lapse": 13 * HOUR}, {"P1-lapse": URGENT_TOO_LONG}),
        ("P1", {"attempt": 13 * HOUR}, {"P1-attempt": URGENT_TOO_LONG}),
    ],
)
def test_clocks_that_do_not_fit(priority: str, change: dict, fault: dict) -> None:
    clocks = {**CLOCKS, priority: replace(CLOCKS[priority], **change)}
    assert clock_faults(clocks) == fault


def test_nobody_has_an_urgent_case_for_days_without_a_call() -> None:
    slow = Clock(claim=HOUR, attempt=72 * HOUR, lapse=72 * HOUR, follow_up=72 * HOUR)
    assert clock_faults(dict.fromkeys(CLOCKS, slow)) == {
        f"{priority}-{name}": URGENT_TOO_LONG
        for priority in ("P0", "P1")
        for name in ("attempt", "lapse")
    }


rungs = st.lists(
    st.builds(
        Rung, st.integers(0, 2 * LONGEST_CALM_GAP), st.sampled_from(WHOM), st.sampled_from(BY)
    ),
    max_size=9,
).map(tuple)


@given(rungs, st.integers(0, 2 * LONGEST_CALM_GAP), st.integers(0, 5), st.booleans())
def test_a_ladder_that_is_let_through_is_never_silent_for_long(rungs, every, answers, calm) -> None:
    policy = Policy("any", rungs, every, answers, calm)
    if ladder_faults(policy):
        return
    longest = LONGEST_CALM_GAP if calm else LONGEST_GAP
    moments = [due_at(policy, step, NOON) for step in range(len(rungs) + 5)]
    assert moments[0] == NOON
    gaps = [(b - a).total_seconds() for a, b in zip(moments, moments[1:], strict=False)]
    assert all(0 < gap <= longest for gap in gaps)
    assert min(gaps[len(rungs) :]) >= MINUTE
