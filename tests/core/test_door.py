"""What is still asked after the passphrase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core.door import Step, next_step


@pytest.mark.parametrize(
    ("passed", "has_factor", "must_replace", "is_required", "step"),
    [
        (True, True, False, True, None),
        (False, True, False, False, Step.SHOW),
        (False, True, True, True, Step.SHOW),
        (True, True, True, True, Step.REPLACE),
        (False, False, True, True, Step.REPLACE),
        (False, False, False, True, Step.SET_UP),
        (False, False, False, False, None),
        (True, False, False, True, None),
    ],
)
def test_one_step_after_the_other(passed, has_factor, must_replace, is_required, step) -> None:
    asked = next_step(
        passed=passed,
        has_factor=has_factor,
        must_replace=must_replace,
        is_required=is_required,
    )
    assert asked is step


@given(some.booleans(), some.booleans(), some.booleans())
def test_who_has_a_second_factor_shows_it_first(passed, must_replace, is_required) -> None:
    asked = next_step(
        passed=passed, has_factor=True, must_replace=must_replace, is_required=is_required
    )
    assert (asked is Step.SHOW) == (not passed)
