"""The rules of keeping: nothing goes before its time, what is held stays, time only adds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hotline.content_files import load_content
from hotline.core.retention import (
    CLOCK,
    MANY,
    STOPPED,
    province_of,
    to_the_month,
)

SCHEDULE = load_content(Path(__file__).parents[2]).schedule
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=4000))
names = st.sampled_from(sorted(SCHEDULE.rules))
outcomes = st.sampled_from(
    ["helped", "referred", "not_reached", "no_help_wanted", "not_a_case", "duplicate", "new", None]
)
kinds = st.sampled_from(["missing_child", "job_offer", "debt", "callback", "of_tomorrow"])


@given(names, moments, spans)
def test_time_only_adds_to_what_is_due(name: str, now: datetime, later: timedelta) -> None:
    rule = SCHEDULE.rules[name]
    assert rule.before(now) == now - rule.keep
    assert rule.before(now + later) >= rule.before(now)


@given(kinds, outcomes, st.booleans())
def test_every_closed_case_falls_under_one_rule(kind, outcome, told) -> None:
    rule = SCHEDULE.rule_of_case(kind, outcome, to_authority=told)
    quiet = SCHEDULE.rule_of_case(kind, outcome, to_authority=False)
    assert rule.keep >= quiet.keep, "what an authority knows of is kept no shorter"
    assert rule.asks == "two" if rule.name == "authority" else rule.asks == "report"


def test_a_report_waits_for_a_person_when_something_is_odd() -> None:
    guard = SCHEDULE.guard
    day_ago, week_ago = NOW - timedelta(days=1), NOW - timedelta(days=7)
    assert guard.reasons(5, 1000, day_ago, NOW, stopped=False) == ()
    assert guard.reasons(20, 20, day_ago, NOW, stopped=False) == ()  # a small line, all of it
    assert guard.reasons(200, 1000, day_ago, NOW, stopped=False) == ()
    assert guard.reasons(201, 1000, day_ago, NOW, stopped=False) == (MANY,)
    assert guard.reasons(1, 1000, week_ago, NOW, stopped=False) == (CLOCK,)
    assert guard.reasons(1, 1000, day_ago, NOW, stopped=True) == (STOPPED,)
    assert guard.reasons(1, 1000, None, NOW, stopped=False) == ()


@given(moments)
def test_the_times_of_a_case_go_back_to_the_first_of_its_month(opened: datetime) -> None:
    moved = opened - to_the_month(opened)
    there = moved + timedelta(hours=7)  # Phnom Penh
    assert (there.day, there.hour, there.minute, there.second) == (1, 0, 0, 0)
    assert timedelta(0) <= opened - moved < timedelta(days=31)


def test_of_a_place_the_province_remains() -> None:
    assert [province_of(code) for code in ("010203", "0102", "01", None)] == [
        "01",
        "01",
        "01",
        None,
    ]
