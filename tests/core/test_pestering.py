"""Pestering: a pause in which one may listen, never a block; and silence that becomes a sign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.pestering import (
    CALLS_IN,
    MOST_CALLS,
    MOST_PRANKS,
    PAUSE,
    PRANKS_IN,
    Seen,
    is_a_pattern,
    listens_until,
)

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
ago = st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda each: NOON - each)
seens = st.builds(
    Seen,
    calls=st.lists(st.tuples(ago, st.booleans()), max_size=12),
    pranks=st.lists(ago, max_size=6),
    paused_until=st.none() | st.timedeltas(-PAUSE, PAUSE).map(lambda each: NOON + each),
    has_open_case=st.booleans(),
)


def calls(number: int, *, with_case: int | None = None) -> list[tuple[datetime, bool]]:
    """So many calls, one every five minutes, the newest now."""
    return [(NOON - timedelta(minutes=5 * n), n == with_case) for n in range(number)]


def test_eight_calls_an_hour_are_nothing_and_nine_are_enough():
    assert listens_until(Seen(calls=calls(MOST_CALLS)), NOON) is None
    assert listens_until(Seen(calls=calls(MOST_CALLS + 1)), NOON) == NOON + PAUSE


def test_one_call_that_came_to_a_case_speaks_for_the_phone():
    assert listens_until(Seen(calls=calls(12, with_case=3)), NOON) is None


def test_calls_over_a_whole_day_are_nothing():
    slow = [(NOON - timedelta(minutes=20 * n), False) for n in range(30)]
    assert listens_until(Seen(calls=slow), NOON) is None


def test_the_third_prank_in_a_week_counts():
    pranks = [NOON - timedelta(days=n) for n in range(MOST_PRANKS)]
    assert listens_until(Seen(pranks=pranks), NOON) == NOON + PAUSE
    assert listens_until(Seen(pranks=pranks[1:]), NOON) is None
    assert listens_until(Seen(pranks=[at - PRANKS_IN for at in pranks]), NOON) is None


def test_a_pause_is_not_made_longer_by_calling_in_it():
    seen = Seen(calls=calls(12), paused_until=NOON + timedelta(minutes=9))
    assert listens_until(seen, NOON) == NOON + timedelta(minutes=9)


def test_what_led_to_a_pause_does_not_lead_to_the_next():
    pranks = [NOON - timedelta(days=n) for n in range(1, 5)]
    seen = Seen(calls=calls(12), pranks=pranks, paused_until=NOON)
    assert listens_until(seen, NOON) is None


def test_an_open_case_gives_back_the_whole_line():
    seen = Seen(calls=calls(12), paused_until=NOON + PAUSE, has_open_case=True)
    assert listens_until(seen, NOON) is None


@given(seens)
def test_it_is_never_longer_than_the_pause_and_never_for_nothing(seen: Seen):
    until = listens_until(seen, NOON)
    if until is None:
        return
    assert NOON < until <= NOON + PAUSE
    assert not seen.has_open_case
    lately = [at for at, _ in seen.calls if at > NOON - CALLS_IN]
    week = [at for at in seen.pranks if at > NOON - PRANKS_IN]
    goes_on = seen.paused_until is not None and until == seen.paused_until
    assert goes_on or len(lately) > MOST_CALLS or len(week) >= MOST_PRANKS


@given(seens)
def test_a_phone_left_alone_has_the_whole_line_after_the_pause(seen: Seen):
    until = listens_until(seen, NOON)
    if until is not None:
        after = Seen(seen.calls, seen.pranks, until, seen.has_open_case)
        assert listens_until(after, until) is None


def test_silence_three_times_a_day_or_five_times_a_week_is_a_sign():
    hours = [NOON - timedelta(hours=n) for n in range(3)]
    assert is_a_pattern(hours, NOON)
    assert not is_a_pattern(hours[:2], NOON)
    days = [NOON - timedelta(days=n) for n in range(5)]
    assert is_a_pattern(days, NOON)
    assert not is_a_pattern(days[:4], NOON)
    assert not is_a_pattern([at - timedelta(days=8) for at in days], NOON)
