"""Three tries over the safe hours, then a person decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.attempt_plan import SupervisorDecides, next_attempt
from hotline.core.safe_call import gate
from tests.core.test_safe_call import AGREED, ZONES, at

IN_VAIN = ["no_answer", "busy", "wrong_person", "asked_later"]


def after(outcome: str, hour: int, minute: int = 0, *, priority: str = "P2", **plan: str):
    """What follows a try at this hour."""
    tried = [(at(hour, minute), outcome)]
    return next_attempt({**AGREED, **plan}, {}, [], priority, tried, at(hour, minute))


def test_the_first_try_is_due_as_soon_as_the_plan_allows_it() -> None:
    plan = {**AGREED, "window": "evening"}
    assert next_attempt(plan, {}, [], "P2", [], at(12)) == at(17)
    assert next_attempt(plan, {}, [], "P2", [], at(18)) == at(18)


@pytest.mark.parametrize(
    ("outcome", "hour", "window", "due"),
    [
        ("no_answer", 8, "morning", at(7, day=23)),  # not twice in one morning
        ("no_answer", 8, "anytime", at(11)),  # another time of the day
        ("no_answer", 10, "anytime", at(17)),
        ("no_answer", 18, "anytime", at(7, day=23)),
        ("busy", 8, "morning", at(8, 30)),
        ("busy", 19, "evening", at(19, 30)),
        ("asked_later", 8, "morning", at(10)),
        ("asked_later", 19, "evening", at(17, day=23)),
        ("wrong_person", 8, "anytime", at(7, day=23)),  # who answered may still hold the phone
        ("wrong_person", 18, "evening", at(17, day=23)),
    ],
)
def test_the_next_try(outcome: str, hour: int, window: str, due: datetime) -> None:
    assert after(outcome, hour, window=window) == due


@pytest.mark.parametrize(
    ("outcome", "due"),
    [
        ("no_answer", at(3, 15)),
        ("busy", at(3, 5)),
        ("asked_later", at(3, 30)),
        ("wrong_person", at(4)),
    ],
)
def test_an_urgent_matter_does_not_wait_for_the_morning(outcome: str, due: datetime) -> None:
    assert after(outcome, 3, priority="P1", window="anytime") == due


def test_an_urgent_matter_keeps_to_the_hours_that_were_chosen() -> None:
    assert after("no_answer", 10, 50, priority="P1", window="morning") == at(7, day=23)


def test_the_second_silence_waits_longer() -> None:
    tried = [(at(3), "no_answer"), (at(3, 15), "no_answer")]
    plan = {**AGREED, "window": "anytime"}
    assert next_attempt(plan, {}, [], "P0", tried, at(3, 15)) == at(4, 15)


def test_after_three_in_vain_a_supervisor_decides() -> None:
    tried = [(at(8, day=day), "no_answer") for day in (19, 20, 21)]
    assert next_attempt(AGREED, {}, [], "P2", tried, at(9)) == SupervisorDecides("all_tried")


def test_who_was_reached_is_a_new_beginning() -> None:
    tried = [(at(8, day=day), "no_answer") for day in (18, 19, 20)] + [(at(9, day=21), "reached")]
    assert next_attempt(AGREED, {}, [], "P2", tried, at(9)) == at(9)


@pytest.mark.parametrize(
    ("plan", "flags", "tried", "why"),
    [
        (AGREED, [], [(at(8), "unsafe")], "unsafe"),
        ({"consent": "no"}, [], [(at(8), "busy")], "said_no"),
        (AGREED, ["quiet"], [], "quiet_sign"),
        ({}, [], [], "not_asked"),
        ({**AGREED, "window": "some_day"}, [], [], "unknown_window"),
    ],
)
def test_what_no_clock_may_decide(plan, flags, tried, why: str) -> None:
    assert next_attempt(plan, {}, flags, "P1", tried, at(9)) == SupervisorDecides(why)


moments = st.datetimes(
    min_value=datetime(2011, 12, 20), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)


@given(
    moments,
    st.lists(
        st.tuples(st.integers(1, 5000), st.sampled_from([*IN_VAIN, "reached", "unsafe"])),
        max_size=6,
    ),
    st.sampled_from(["morning", "noon", "evening", "anytime", None]),
    st.sampled_from(["P0", "P1", "P2", "P3"]),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_try_is_never_early_never_lost_and_never_outside_the_gate(
    now: datetime, gaps, window: str | None, priority: str, zone: ZoneInfo
) -> None:
    plan = {**AGREED, "window": window} if window else AGREED
    moment, tried = now, []
    for minutes, outcome in reversed(gaps):
        moment -= timedelta(minutes=minutes)
        tried.insert(0, (moment, outcome))
    due = next_attempt(plan, {}, [], priority, tried, now, zone)
    if isinstance(due, SupervisorDecides):
        assert due.why in ("all_tried", "unsafe")
        return
    assert now <= due < now + timedelta(days=4)
    assert gate(plan, {}, [], priority, due, zone).allowed
