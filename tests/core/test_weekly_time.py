"""A time of the week: how it is written, and when it came round last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.weekly_time import DAYS, WeeklyTime, last_time, read_weekly_time

HERE = "Asia/Phnom_Penh"
WEDNESDAY_TEN = WeeklyTime(2, 10, 0)


def test_a_day_and_a_time_are_read():
    assert read_weekly_time("wed 10:00") == WEDNESDAY_TEN
    assert read_weekly_time(" Sun 9:05 ") == WeeklyTime(6, 9, 5)
    assert read_weekly_time("off") is None


@pytest.mark.parametrize("strange", ["", "wed", "10:00", "wed 24:00", "wed 10:60", "xyz 10:00"])
def test_what_is_neither_is_refused_with_what_would_be_right(strange):
    with pytest.raises(ValueError, match="such as wed 10:00, or off"):
        read_weekly_time(strange)


def test_ten_on_wednesday_in_phnom_penh_is_three_in_the_morning_in_utc():
    at = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    assert last_time(WEDNESDAY_TEN, at, HERE) == at
    assert last_time(WEDNESDAY_TEN, at - timedelta(seconds=1), HERE) == at - timedelta(days=7)
    assert last_time(WEDNESDAY_TEN, at + timedelta(days=6), HERE) == at


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.builds(WeeklyTime, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59)),
)
def test_it_came_round_less_than_a_week_ago_at_the_right_time(now, weekly):
    at = last_time(weekly, now, HERE)
    here = at.astimezone(ZoneInfo(HERE))
    assert timedelta(0) <= now - at < timedelta(days=7)
    assert (here.weekday(), here.hour, here.minute) == (weekly.day, weekly.hour, weekly.minute)
    assert DAYS[weekly.day] == here.strftime("%a").lower()
