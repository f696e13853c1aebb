"""A date that staff set: in the future, not too far, and told where it is not in the safe time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.local_time import PHNOM_PENH
from hotline.core.next_date import Fit, fit_of, longest, suggested
from hotline.core.safe_call import WINDOWS, hours_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # ten in the morning in Phnom Penh
AGREED = {"consent": "yes", "window": "evening"}


def fit(at: datetime, plan=AGREED, flags=(), priority: str = "P2") -> Fit:
    return fit_of(at, NOW, plan, {}, flags, priority)


def there(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=PHNOM_PENH)


@pytest.mark.parametrize(
    ("at", "fits"),
    [
        (NOW, Fit.PAST),
        (NOW - timedelta(days=400), Fit.PAST),
        (there(23, 18), Fit.FITS),
        (there(23, 17), Fit.FITS),
        (there(23, 20), Fit.UNSAFE_TIME),
        (there(23, 9), Fit.UNSAFE_TIME),
        (NOW + timedelta(days=61), Fit.TOO_FAR),
    ],
)
def test_a_date_is_told_how_it_suits(at: datetime, fits: Fit) -> None:
    assert fit(at) is fits


def test_an_urgent_case_is_not_put_off_for_weeks() -> None:
    assert fit(there(22, 18) + timedelta(days=20)) is Fit.FITS
    assert fit(there(22, 18) + timedelta(days=20), priority="P1") is Fit.TOO_FAR


@pytest.mark.parametrize(
    ("plan", "flags"), [({"consent": "no"}, ()), (AGREED, ("quiet",)), ({}, ())]
)
def test_where_no_call_may_be_made_any_hour_will_do_to_look_again(plan, flags) -> None:
    assert fit(there(23, 3), plan, flags) is Fit.FITS


def test_a_window_nobody_knows_is_asked_about_twice() -> None:
    assert fit(there(23, 10), {"consent": "yes", "window": "at_dawn"}) is Fit.UNSAFE_TIME


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    window=st.sampled_from([None, "any", *WINDOWS]),
    age=st.sampled_from(["child", "adult"]),
)
def test_what_is_suggested_always_fits(now: datetime, window: str | None, age: str) -> None:
    plan = {"consent": "yes", "caller_age": age, **({"window": window} if window else {})}
    at = suggested(now, plan, {})
    assert fit_of(at, now, plan, {}, (), "P0") is Fit.FITS
    assert timedelta(0) < at - now < timedelta(days=3) < longest("P0")
    hours = hours_of(plan, {})
    assert hours is not None
    assert hours.since <= at.astimezone(PHNOM_PENH).time() < hours.until
