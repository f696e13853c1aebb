"""Missed calls: turned away is only who is rung back, never at night, never without end."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core.missed_call import (
    A_DAY,
    MOST_A_DAY,
    NOT_SO_SOON,
    TOO_LATE,
    QuietHours,
    Then,
    after_missed_call,
    is_in_time,
    read_quiet_hours,
)

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12:00 in Phnom Penh
NIGHT = read_quiet_hours("21:00-07:00")
moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)
)  # fmt: skip
earlier = st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), max_size=12)


def after(
    *ago: timedelta, under_way: bool = False, can_be_rung: bool = True, now: datetime = NOON
) -> Then:
    asked = sorted((now - each for each in ago), reverse=True)
    return after_missed_call(
        asked, is_under_way=under_way, can_be_rung=can_be_rung, quiet=NIGHT, now=now
    )


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_the_first_missed_call_is_rung_back():
    assert after() is Then.RING_BACK


def test_while_the_ring_back_is_under_way_the_phone_is_turned_away_again():
    assert after(minutes(1), under_way=True) is Then.TURN_AWAY


def test_soon_after_a_ring_back_the_line_answers():
    assert after(minutes(1)) is Then.ANSWER
    assert after(NOT_SO_SOON) is Then.RING_BACK


def test_a_ring_back_that_nobody_ever_closed_keeps_nobody_away():
    assert after(TOO_LATE, under_way=True) is Then.RING_BACK


def test_the_sixth_of_a_day_is_answered_and_tomorrow_is_another_day():
    hours = [timedelta(hours=each) for each in range(1, MOST_A_DAY + 1)]
    assert after(*hours) is Then.ANSWER
    assert after(*hours[1:], A_DAY) is Then.RING_BACK


def test_a_phone_that_cannot_be_rung_is_answered():
    assert after(can_be_rung=False) is Then.ANSWER


def test_at_night_the_line_answers_and_rings_nobody():
    for hour, then in ((20, Then.RING_BACK), (21, Then.ANSWER), (3, Then.ANSWER), (7, None)):
        here = NOON.replace(hour=(hour - 7) % 24)
        assert after(now=here) is (then or Then.RING_BACK), hour


def test_quiet_hours_may_lie_within_a_day_or_be_none():
    siesta, none = QuietHours(time(12), time(14)), read_quiet_hours("00:00-00:00")
    assert siesta.are_at(NOON)
    assert not siesta.are_at(NOON + timedelta(hours=2))
    assert not none.are_at(NOON)


@given(moments, earlier, st.booleans(), st.booleans())
def test_turned_away_is_only_who_is_or_will_be_rung(now, ago, under_way, can_be_rung):
    then = after(*ago, under_way=under_way, can_be_rung=can_be_rung, now=now)
    if then is Then.TURN_AWAY:
        assert under_way
        assert can_be_rung
        assert any(each < TOO_LATE for each in ago)
    if then is Then.RING_BACK:
        assert can_be_rung
        assert not NIGHT.are_at(now)
        assert sum(each < A_DAY for each in ago) < MOST_A_DAY


@given(moments, earlier)
def test_after_a_day_without_ring_backs_every_phone_is_rung_back_by_day(now, ago):
    later = now + A_DAY + timedelta(seconds=1)
    asked = sorted((now - each for each in ago), reverse=True)
    then = after_missed_call(asked, is_under_way=False, can_be_rung=True, quiet=NIGHT, now=later)
    assert then is (Then.ANSWER if NIGHT.are_at(later) else Then.RING_BACK)


def test_late_is_never():
    assert is_in_time(NOON, NOON + TOO_LATE - minutes(1))
    assert not is_in_time(NOON, NOON + TOO_LATE)
