"""When a message is tried again, given up, and which receipt counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.delivery import (
    CALLER,
    LONGEST_CALL,
    OVER,
    STAFF,
    Fate,
    after_try,
    call_poll_after,
    heed_receipt,
    may_go_on,
    text_poll_after,
    weightiest,
)

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
STATES = ("pending", "sending", "sent", "delivered", "undelivered", "failed", "unknown")


def test_a_page_of_unknown_fate_is_sent_again() -> None:
    state, next_at = after_try(STAFF, Fate.UNKNOWN, 1, NOW)
    assert state == "pending"
    assert next_at is not None
    assert next_at > NOW


def test_a_text_to_a_caller_of_unknown_fate_is_never_sent_again() -> None:
    assert after_try(CALLER, Fate.UNKNOWN, 1, NOW) == ("unknown", None)


@given(st.integers(1, 500))
def test_a_page_is_never_given_up_while_the_carrier_is_away(tries: int) -> None:
    state, next_at = after_try(STAFF, Fate.UNAVAILABLE, tries, NOW)
    assert state == "pending"
    assert next_at is not None
    assert timedelta(0) < next_at - NOW <= timedelta(minutes=5)


def test_a_text_to_a_caller_is_given_up_after_some_hours() -> None:
    waited, tries = timedelta(0), 1
    while (end := after_try(CALLER, Fate.UNAVAILABLE, tries, NOW))[1] is not None:
        waited += end[1] - NOW
        tries += 1
    assert end[0] == "failed"
    assert timedelta(hours=1) < waited < timedelta(hours=4)


@pytest.mark.parametrize("audience", [STAFF, CALLER])
def test_a_refusal_for_good_ends_it(audience: str) -> None:
    assert after_try(audience, Fate.REFUSED, 1, NOW) == ("failed", None)


@given(st.lists(st.sampled_from(STATES), max_size=6), st.randoms())
def test_receipts_in_any_order_end_in_the_same_state(told: list[str], order) -> None:
    def read(receipts: list[str]) -> str:
        state = "sending"
        for receipt in receipts:
            state = heed_receipt(state, receipt)
        return state

    shuffled = list(told)
    order.shuffle(shuffled)
    one, other = read(told), read(shuffled)
    assert one == other or {one, other} == {"failed", "undelivered"}


@given(st.sampled_from(STATES), st.text(max_size=12))
def test_a_delivered_text_stays_delivered(state: str, told: str) -> None:
    assert heed_receipt("delivered", told) == "delivered"
    assert heed_receipt("cancelled", state) == "cancelled"


def test_a_receipt_settles_a_text_of_unknown_fate() -> None:
    assert heed_receipt("unknown", "delivered") == "delivered"
    assert "unknown" in OVER


@pytest.mark.parametrize("fate", list(Fate))
def test_only_what_never_left_us_goes_to_a_caller_by_another_carrier(fate: Fate) -> None:
    assert may_go_on(CALLER, fate) == (fate is Fate.UNAVAILABLE)


@pytest.mark.parametrize("fate", list(Fate))
def test_a_page_goes_on_until_a_carrier_has_it(fate: Fate) -> None:
    assert may_go_on(STAFF, fate) == (fate is not Fate.ACCEPTED)


@given(st.lists(st.sampled_from(list(Fate)), min_size=1, max_size=3))
def test_what_one_carrier_may_have_is_never_counted_as_not_sent(fates: list[Fate]) -> None:
    counts = weightiest(fates)
    assert counts in fates
    if Fate.ACCEPTED in fates:
        assert counts is Fate.ACCEPTED
    elif Fate.UNKNOWN in fates:
        assert after_try(CALLER, counts, 1, NOW) == ("unknown", None)


def test_a_message_is_asked_after_ever_more_seldom_and_not_for_ever() -> None:
    for ask in (text_poll_after, call_poll_after):
        waits = []
        while (wait := ask(len(waits))) is not None:
            waits.append(wait)
        assert waits == sorted(waits)
        assert waits[0] == timedelta(minutes=1)
    assert sum(waits, timedelta(0)) >= LONGEST_CALL
