"""The plan to call back is a gate: when it is open, when it opens next, and who may force it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.core.safe_call import (
    CHILD_WAKING,
    PHNOM_PENH,
    SUPERVISORS,
    WAKING,
    WHOEVER_CALLS,
    WINDOWS,
    fault_of_number,
    gate,
    hours_of,
    next_beginning,
    number_in_plan,
    opens_quietly,
)

LINE = "+85523900900"
AGREED = {"consent": "yes", "number": "calling"}
ZONES = [
    "Asia/Phnom_Penh",
    "Asia/Bangkok",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Asia/Tehran",
]


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    """A moment of November 2026 in Phnom Penh, as the house knows it: in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PHNOM_PENH).astimezone(UTC)


def test_a_chosen_window_is_open_from_its_first_to_its_last_minute() -> None:
    plan = {**AGREED, "window": "evening"}
    before = gate(plan, {}, [], "P2", at(16, 59))
    assert (before.allowed, before.why, before.opens_at) == (False, "outside_window", at(17))
    assert gate(plan, {}, [], "P2", at(17)).closes_at == at(20)
    assert gate(plan, {}, [], "P2", at(19, 59)).allowed
    assert gate(plan, {}, [], "P2", at(20)).opens_at == at(17, day=23)


@pytest.mark.parametrize("priority", ["P0", "P1"])
def test_the_hours_a_caller_chose_are_kept_however_urgent_it_is(priority: str) -> None:
    shut = gate({**AGREED, "window": "morning"}, {}, [], priority, at(22))
    assert (shut.allowed, shut.opens_at) == (False, at(7, day=23))
    assert shut.may_be_overridden_by("duty")


def test_any_time_is_not_at_night_unless_it_is_urgent() -> None:
    plan = {**AGREED, "window": "anytime"}
    night = gate(plan, {}, [], "P2", at(21))
    assert (night.allowed, night.why, night.opens_at) == (False, "night", at(7, day=23))
    assert gate(plan, {}, [], "P2", at(20, 59)).allowed
    assert gate(plan, {}, [], "P0", at(3)).allowed
    assert gate(plan, {}, [], "P1", at(3)).closes_at is None


def test_a_child_who_was_not_asked_when_is_not_rung_late() -> None:
    assert gate(AGREED, {"caller_age": "child"}, [], "P2", at(20, 30)).why == "night"
    assert gate({**AGREED, "caller_age": "child"}, {}, [], "P2", at(20, 30)).why == "night"
    assert gate(AGREED, {"caller_age": "adult"}, [], "P2", at(20, 30)).allowed


def test_who_stopped_before_the_question_is_rung_with_care() -> None:
    gate_ = gate({"consent": "pending"}, {}, [], "P2", at(12))
    assert (gate_.allowed, gate_.why) == (True, "open_with_care")
    assert gate(AGREED, {}, [], "P2", at(12)).why == "open"


@pytest.mark.parametrize(
    ("plan", "flags", "why", "override"),
    [
        ({"consent": "no"}, [], "said_no", SUPERVISORS),
        ({"consent": "yes"}, ["no_callback"], "said_no", SUPERVISORS),
        ({"consent": "yes"}, ["quiet"], "quiet_sign", SUPERVISORS),
        ({"consent": "not_asked"}, [], "not_asked", WHOEVER_CALLS),
        ({}, [], "not_asked", WHOEVER_CALLS),
        ({"consent": "perhaps"}, [], "not_asked", WHOEVER_CALLS),
        ({"consent": "yes", "window": "at_noon"}, [], "unknown_window", WHOEVER_CALLS),
    ],
)
def test_what_stands_against_a_call_needs_somebody_to_answer_for_it(
    plan: dict[str, str], flags: list[str], why: str, override: str
) -> None:
    found = gate(plan, {}, flags, "P2", at(12))
    assert (found.allowed, found.why, found.override) == (False, why, override)
    assert found.opens_at is None
    assert found.may_be_overridden_by("supervisor")
    assert found.may_be_overridden_by("duty") == (override == WHOEVER_CALLS)


@pytest.mark.parametrize(
    ("number", "is_staff", "fault"),
    [
        (None, False, "no_number"),
        ("+85512345678", False, None),
        ("012 345 678", False, None),
        ("+85510111001", True, "staff_phone"),
        (LINE, False, "our_line"),
        ("023900900", False, "our_line"),
        ("00855 23 900 900", True, "our_line"),
        ("1294", False, "our_line"),
        ("117", False, "bad_number"),
        ("12", False, "bad_number"),
        ("", False, "bad_number"),
    ],
)
def test_a_number_that_must_not_be_rung(
    number: str | None, is_staff: bool, fault: str | None
) -> None:
    assert fault_of_number(number, [LINE, "1294"], is_staff=is_staff) == fault


def test_a_number_at_fault_is_refused_to_everybody() -> None:
    found = gate(AGREED, {}, [], "P0", at(12), number_fault="our_line")
    assert (found.allowed, found.why) == (False, "our_line")
    assert not found.may_be_overridden_by("supervisor")
    assert not gate(AGREED, {}, [], "P0", at(12)).may_be_overridden_by("supervisor")


def test_the_number_keyed_counts_before_the_one_that_called() -> None:
    assert number_in_plan({"number": "+85596777888"}, "+85512345678") == "+85596777888"
    assert number_in_plan({"number": "calling"}, "+85512345678") == "+85512345678"
    assert number_in_plan({}, None) is None


@pytest.mark.parametrize(
    ("plan", "flags", "quiet"),
    [
        ({**AGREED, "who_answers": "say_child_club"}, [], False),
        ({**AGREED, "who_answers": "say_wrong_number"}, [], True),
        ({**AGREED, "who_answers": "say_something_new"}, [], True),
        (AGREED, [], False),
        ({"consent": "not_asked"}, [], True),
        ({"consent": "no", "who_answers": "say_child_club"}, [], True),
        ({**AGREED, "who_answers": "say_child_club"}, ["number_unconfirmed"], True),
    ],
)
def test_who_might_not_want_our_name_to_be_heard_does_not_hear_it(
    plan: dict[str, str], flags: list[str], quiet: bool
) -> None:
    assert opens_quietly(plan, flags) is quiet


# ---------------------------------------------------------------- whatever the zone and the day

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(
    min_value=datetime(2011, 12, 20), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)
windows = st.sampled_from([*WINDOWS, "anytime", None])
priorities = st.sampled_from(["P0", "P1", "P2", "P3"])


def plan_with(window: str | None) -> dict[str, str]:
    return {**AGREED, "window": window} if window else AGREED


@given(moments, zones, windows, priorities, st.sampled_from(["child", "adult"]))
def test_it_is_never_open_outside_the_hours_on_the_callers_clock(
    now: datetime, zone: ZoneInfo, window: str | None, priority: str, age: str
) -> None:
    notes = {"caller_age": age}
    found = gate(plan_with(window), notes, [], priority, now, zone)
    if priority in ("P0", "P1") and window in ("anytime", None):
        assert found.allowed
        return
    hours = WINDOWS.get(window or "") or (
        CHILD_WAKING if window is None and age == "child" else WAKING
    )
    clock = now.astimezone(zone).time()
    assert found.allowed == (hours.since <= clock < hours.until)


@given(moments, zones, windows)
@example(datetime(2011, 12, 29, 20, tzinfo=UTC), ZoneInfo("Pacific/Apia"), "evening")
def test_it_opens_when_it_says_and_not_before(
    now: datetime, zone: ZoneInfo, window: str | None
) -> None:
    plan = plan_with(window)
    shut = gate(plan, {}, [], "P2", now, zone)
    if shut.allowed:
        assert shut.closes_at is not None
        assert now < shut.closes_at
        assert not gate(plan, {}, [], "P2", shut.closes_at, zone).allowed
        return
    opens = shut.opens_at
    assert opens is not None
    assert now < opens < now + timedelta(hours=48)
    assert gate(plan, {}, [], "P2", opens, zone).allowed
    assert not gate(plan, {}, [], "P2", opens - timedelta(seconds=1), zone).allowed
    halfway = now + (opens - now) / 2
    assert gate(plan, {}, [], "P2", halfway, zone).opens_at == opens


@given(moments, zones, st.sampled_from(sorted(WINDOWS)))
def test_the_next_beginning_is_later_and_begins_the_hours(
    now: datetime, zone: ZoneInfo, window: str
) -> None:
    hours = hours_of({"window": window}, {})
    assert hours is not None
    begins = next_beginning(hours, now, zone)
    assert begins > now
    assert begins.astimezone(zone).time() == hours.since
