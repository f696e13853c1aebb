"""A carrier that fails is passed over, probed ever more seldom, and trusted again slowly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.breaker import (
    FIRST_WAIT,
    GOOD_TO_BE_WELL,
    LONGEST_WAIT,
    WINDOW,
    Health,
    Outcome,
    after,
    must_tell,
    probing,
    wait_after,
)

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
GOOD, FAILED, BARRED = Outcome.GOOD, Outcome.FAILED, Outcome.BARRED
OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=80)


def lived(*outcomes: Outcome, health: Health | None = None, now: datetime = NOW) -> Health:
    health = health or Health()
    for outcome in outcomes:
        health = after(health, outcome, now)
    return health


def probed(outcome: Outcome, health: Health) -> Health:
    """The next probe, as soon as it may be."""
    assert health.probe_at is not None
    return after(probing(health, health.probe_at), outcome, health.probe_at)


def test_two_failures_are_an_accident_and_three_are_not() -> None:
    assert not lived(FAILED, FAILED).is_open
    assert lived(FAILED, FAILED, FAILED).is_open
    assert not lived(FAILED, FAILED, GOOD, FAILED).is_open


def test_one_in_five_of_the_last_twenty_is_too_many() -> None:
    seldom = (FAILED, *[GOOD] * 6)
    assert not lived(*seldom * 10).is_open
    often = (FAILED, *[GOOD] * 4)
    assert not lived(*often * 3).is_open
    assert lived(*often * 3, FAILED).is_open


@given(st.lists(st.sampled_from([Outcome.NUMBER, Outcome.FILTERED]), max_size=100))
def test_faults_of_a_number_or_of_words_never_open_it(outcomes: list[Outcome]) -> None:
    assert lived(*outcomes) == Health()


def test_it_is_probed_after_half_a_minute_and_then_ever_more_seldom() -> None:
    health, waits = lived(FAILED, FAILED, FAILED), []
    since = NOW
    for _ in range(8):
        assert health.probe_at is not None
        waits.append((health.probe_at - since).total_seconds())
        since = health.probe_at
        health = probed(FAILED, health)
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]


@given(st.integers(0, 10_000))
def test_a_wait_is_never_shorter_or_longer(openings: int) -> None:
    assert FIRST_WAIT <= wait_after(openings) <= LONGEST_WAIT


def test_one_probe_at_a_time_and_a_lost_one_is_made_up_for() -> None:
    health = lived(FAILED, FAILED, FAILED)
    assert not health.may_be_probed(NOW + timedelta(seconds=29))
    then = NOW + timedelta(seconds=30)
    assert health.may_be_probed(then)
    taken = probing(health, then)
    assert not taken.may_be_probed(then)
    assert taken.may_be_probed(then + timedelta(minutes=1))


def test_what_a_caller_waits_for_is_risked_later_than_a_page() -> None:
    health = lived(FAILED, FAILED, FAILED)
    then, patience = NOW + timedelta(minutes=1), timedelta(minutes=10)
    assert health.may_be_probed(then)
    assert not health.may_be_probed(then, patience)
    assert health.may_be_probed(then + patience, patience)


def test_three_good_probes_close_it_and_one_after_the_other_may_follow_at_once() -> None:
    health = lived(FAILED, FAILED, FAILED)
    for _ in range(2):
        health = probed(GOOD, health)
        assert health.is_open
        assert health.probe_at is not None
    assert health.probe_at == NOW + FIRST_WAIT
    assert not probed(GOOD, health).is_open


def test_a_carrier_that_comes_and_goes_waits_longer_each_time() -> None:
    health = lived(FAILED, FAILED, FAILED)
    for expected in (60, 120, 240):
        health = lived(GOOD, GOOD, GOOD, health=health)
        assert not health.is_open
        health = lived(FAILED, FAILED, FAILED, health=health)
        assert health.probe_at == NOW + timedelta(seconds=expected)


def test_after_twenty_good_tries_everything_is_forgotten() -> None:
    health = lived(FAILED, FAILED, FAILED, *[GOOD] * (GOOD_TO_BE_WELL - 1))
    assert health.openings == 1
    assert after(health, GOOD, NOW) == Health(episode=2)


def test_what_was_under_way_when_it_opened_makes_no_wait_longer() -> None:
    health = lived(*[FAILED] * 11)
    assert health.probe_at == NOW + FIRST_WAIT


def test_a_well_carrier_leaves_nothing_to_write_down() -> None:
    health = Health()
    assert after(health, GOOD, NOW) is health


def told_in(outcomes: list[Outcome]) -> list[int]:
    """The episodes that people hear of, in order."""
    health, episodes = Health(), []
    for outcome in outcomes:
        later = after(health, outcome, NOW)
        if must_tell(health, outcome, later):
            episodes.append(later.episode)
            later = Health(**{**{f: getattr(later, f) for f in later.__slots__}, "told": True})
        health = later
    return episodes


def test_people_hear_of_an_opening_and_of_a_refusal_once() -> None:
    assert told_in([FAILED] * 9) == [1]
    assert told_in([BARRED, FAILED, FAILED, FAILED]) == [1]
    assert told_in([Outcome.FILTERED, Outcome.FILTERED]) == [1]
    assert told_in([Outcome.NUMBER] * 30) == []
    assert told_in([FAILED, FAILED, GOOD]) == []


@given(OUTCOMES)
def test_each_episode_is_told_at_most_once(outcomes: list[Outcome]) -> None:
    episodes = told_in(outcomes)
    assert sorted(set(episodes)) == episodes


@given(OUTCOMES)
def test_after_three_failures_in_a_row_it_is_open_whatever_was_before(
    outcomes: list[Outcome],
) -> None:
    assert lived(*outcomes, FAILED, FAILED, FAILED).is_open


@given(OUTCOMES)
def test_after_three_good_tries_it_is_closed_whatever_was_before(outcomes: list[Outcome]) -> None:
    assert not lived(*outcomes, GOOD, GOOD, GOOD).is_open


@given(OUTCOMES)
def test_it_never_opens_with_fewer_than_three_failures(outcomes: list[Outcome]) -> None:
    failures = [outcome for outcome in outcomes if outcome in (FAILED, BARRED)]
    if lived(*outcomes).openings:
        assert len(failures) >= 3


@given(OUTCOMES)
def test_an_open_one_can_always_be_probed_some_day(outcomes: list[Outcome]) -> None:
    health = lived(*outcomes)
    assert len(health.recent) == WINDOW
    assert health.is_open == (health.probe_at is not None)
    assert health.may_be_probed(NOW + LONGEST_WAIT) == health.is_open


@pytest.mark.parametrize("outcome", [FAILED, BARRED])
def test_a_failed_probe_keeps_it_open(outcome: Outcome) -> None:
    assert probed(outcome, lived(FAILED, FAILED, FAILED)).is_open
