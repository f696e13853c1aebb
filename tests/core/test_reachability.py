"""How and when a staff member may be disturbed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.reachability import (
    LIMITS,
    LIMITS_NOW,
    Reach,
    allowed_at,
    channels,
    held_until,
    quiet_span,
    time_of,
)

CAMBODIA = ZoneInfo("Asia/Phnom_Penh")
PARIS = "Europe/Paris"


def here(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CAMBODIA)


# ---------------------------------------------------------------- ways


@pytest.mark.parametrize(
    ("by", "by_sms", "by_voice", "expected"),
    [
        ("sms", True, True, ("sms",)),
        ("voice", True, True, ("voice",)),
        ("both", True, True, ("sms", "voice")),
        ("both", True, False, ("sms",)),
        ("voice", True, False, ("sms",)),
        ("sms", False, True, ("voice",)),
        ("voice", False, False, ("sms",)),
    ],
)
def test_a_page_goes_the_way_that_its_receiver_allows(by, by_sms, by_voice, expected) -> None:
    assert channels(by, Reach(by_sms, by_voice)) == expected


# ---------------------------------------------------------------- quiet hours


@pytest.mark.parametrize("priority", ["P0", "P1"])
def test_what_cannot_wait_is_told_day_and_night(priority: str) -> None:
    assert held_until(priority, Reach(), here(3)) is None


@pytest.mark.parametrize("priority", ["P2", "P3"])
def test_what_can_wait_is_told_at_seven_in_the_morning(priority: str) -> None:
    assert held_until(priority, Reach(), here(20, 59)) is None
    assert held_until(priority, Reach(), here(21)) == here(7, day=11)
    assert held_until(priority, Reach(), here(23, 59)) == here(7, day=11)
    assert held_until(priority, Reach(), here(0, day=11)) == here(7, day=11)
    assert held_until(priority, Reach(), here(6, 59, day=11)) == here(7, day=11)
    assert held_until(priority, Reach(), here(7, day=11)) is None


def test_quiet_hours_are_those_of_the_persons_own_clock() -> None:
    reach = Reach(quiet_from="22:00", quiet_to="06:00", zone=PARIS)
    noon_here = here(12)  # six in the morning in Paris
    assert held_until("P2", reach, noon_here) is None
    assert held_until("P2", reach, noon_here - timedelta(minutes=1)) == noon_here


def test_quiet_hours_may_lie_in_the_day_and_may_be_none() -> None:
    assert held_until("P2", Reach(quiet_from="12:00", quiet_to="14:00"), here(13)) == here(14)
    assert held_until("P2", Reach(quiet_from="12:00", quiet_to="14:00"), here(23)) is None
    assert held_until("P2", Reach(quiet_from="00:00", quiet_to="00:00"), here(0)) is None


def test_an_hour_that_the_clocks_leave_out_or_repeat_delays_nobody_for_a_day() -> None:
    reach = Reach(quiet_from="22:00", quiet_to="02:30", zone=PARIS)
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # at one o'clock UTC two becomes three
    autumn = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # at one o'clock UTC three becomes two
    assert held_until("P2", reach, spring) == spring + timedelta(minutes=90)
    assert held_until("P2", reach, autumn) == autumn + timedelta(minutes=30)


times = st.times().map(lambda at: f"{at:%H:%M}")
zones = st.sampled_from(["Asia/Phnom_Penh", PARIS, "America/St_Johns", "Pacific/Apia", "UTC"])
moments = st.datetimes(
    datetime(2026, 1, 1),
    datetime(2027, 12, 31),
    timezones=st.just(UTC),
)
reaches = st.builds(Reach, quiet_from=times, quiet_to=times, zone=zones)
short = reaches.filter(
    lambda reach: (
        quiet_span(time_of(reach.quiet_from), time_of(reach.quiet_to)) <= timedelta(hours=14)
    )
)


@given(reaches, moments)
def test_a_page_is_held_into_the_future_and_not_beyond_the_quiet_hours(reach, now) -> None:
    until = held_until("P2", reach, now)
    if until is not None:
        span = quiet_span(time_of(reach.quiet_from), time_of(reach.quiet_to))
        assert now < until <= now + span + timedelta(hours=1)  # a night on which clocks change


@given(short, moments)
def test_once_told_at_the_end_of_the_quiet_hours_nobody_waits_again(reach, now) -> None:
    until = held_until("P2", reach, now)
    assert until is None or held_until("P2", reach, until) is None


@given(short, moments, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_who_asks_later_is_never_told_earlier(reach, now, later) -> None:
    first = held_until("P2", reach, now) or now
    second = held_until("P2", reach, now + later) or now + later
    assert first <= second


@pytest.mark.parametrize("written", ["7:00", "24:00", "07:60", "0700", "07:00:00", "", "٠٧:٠٠"])
def test_what_is_no_time_of_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="time of day|must be in"):
        time_of(written)


def test_how_long_quiet_hours_are() -> None:
    assert quiet_span(time_of("21:00"), time_of("07:00")) == timedelta(hours=10)
    assert quiet_span(time_of("12:00"), time_of("14:30")) == timedelta(hours=2, minutes=30)
    assert quiet_span(time_of("08:00"), time_of("08:00")) == timedelta(0)


# ---------------------------------------------------------------- how often


NOW = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=minute) for minute in minutes]


def wait(channel: str, priority: str, *minutes: float) -> float:
    """Minutes until the next may go."""
    return (allowed_at(channel, priority, ago(*minutes), NOW) - NOW).total_seconds() / 60


def test_five_texts_a_quarter_of_an_hour_then_a_pause() -> None:
    assert wait("sms", "P1") == 0
    assert wait("sms", "P1", 1, 2, 3, 4) == 0
    assert wait("sms", "P1", 1, 2, 3, 4, 14) == 1
    assert wait("sms", "P1", 1, 2, 3, 4, 15) == 0


def test_three_calls_a_quarter_of_an_hour_then_a_pause() -> None:
    assert wait("voice", "P1", 1, 2) == 0
    assert wait("voice", "P1", 1, 2, 5) == 10


def test_an_hour_and_three_hours_have_their_own_limits() -> None:
    assert wait("sms", "P2", *range(16, 38, 2)) == 60 - 36  # the eleventh before it
    assert wait("sms", "P2", *range(20, 188, 8)) == 0
    assert wait("sms", "P2", *range(16, 121, 5)) == 180 - 116  # the twenty-first before it
    assert wait("voice", "P2", *range(16, 58, 6)) == 60 - 52


def test_what_is_most_urgent_knows_no_pause_but_its_own() -> None:
    assert wait("sms", "P0", *range(1, 10)) == 0
    assert wait("sms", "P0", *range(1, 11)) == 5
    assert wait("voice", "P0", *range(2, 60)) == 0
    assert wait("voice", "P0", 1) == 0.5


sent = st.lists(st.timedeltas(timedelta(0), timedelta(hours=6)).map(lambda ago: NOW - ago))
ways = st.sampled_from(["sms", "voice"])
priorities = st.sampled_from(["P0", "P1", "P2", "P3"])


@given(ways, priorities, sent)
def test_the_pause_is_never_in_the_past_and_never_longer_than_the_limit(way, priority, sent):
    limits = (LIMITS_NOW if priority == "P0" else LIMITS)[way]
    at = allowed_at(way, priority, sent, NOW)
    assert NOW <= at <= NOW + max(limit.within for limit in limits)


@given(ways, priorities, sent)
def test_at_that_moment_no_limit_is_broken_and_it_stays_allowed(way, priority, sent) -> None:
    at = allowed_at(way, priority, sent, NOW)
    for limit in (LIMITS_NOW if priority == "P0" else LIMITS)[way]:
        assert sum(one > at - limit.within for one in sent) < limit.most
    assert allowed_at(way, priority, sent, at) == at


@given(ways, priorities, sent, st.timedeltas(timedelta(0), timedelta(hours=6)), st.randoms())
def test_one_more_that_was_sent_or_a_later_question_never_makes_it_earlier(
    way, priority, sent, span, random
) -> None:
    first = allowed_at(way, priority, sent, NOW)
    more = [*sent, NOW - span]
    random.shuffle(more)
    assert allowed_at(way, priority, more, NOW) >= first
    assert allowed_at(way, priority, sent, NOW + span) >= first


@given(ways, st.lists(st.timedeltas(timedelta(0), timedelta(hours=3)), max_size=60))
def test_however_much_is_to_be_told_each_gets_its_turn(way, arrivals) -> None:
    """Messages put one after the other, each as early as it may: none is lost, none overtakes."""
    going: list[datetime] = []
    for after in sorted(arrivals):
        going.append(allowed_at(way, "P1", going, NOW + after))
    assert going == sorted(going)
