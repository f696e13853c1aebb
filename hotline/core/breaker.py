"""When a carrier is passed over, when it is tried again, and when it is trusted again.

One carrier and one direction ("text" or "call") at a time. It opens quickly, closes slowly and
forgets slowly: a carrier that comes and goes is tried ever more seldom until it stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.core.delivery import Fate

TEXT, CALL = "text", "call"
DIRECTIONS = (TEXT, CALL)


class Outcome(StrEnum):
    """What one try says about the carrier."""

    GOOD = "good"  # it took what we gave it
    FAILED = "failed"  # it could not be reached, gave no answer, or lost what it had taken
    BARRED = "barred"  # it refuses us: account, password, balance, settings
    FILTERED = "filtered"  # it refuses our words
    NUMBER = "number"  # it refuses one phone: says nothing of the carrier


_OF_SCOPE = {"config": Outcome.BARRED, "filtered": Outcome.FILTERED}


def outcome_of(fate: Fate, scope: str | None = None) -> Outcome:
    """What the fate of one message says of the carrier; `scope` is that of a refusal."""
    if fate is Fate.ACCEPTED:
        return Outcome.GOOD
    if fate is Fate.REFUSED:
        return _OF_SCOPE.get(scope or "", Outcome.NUMBER)
    return _OF_SCOPE.get(scope or "", Outcome.FAILED)


WINDOW = 20  # tries that are looked back at
MOST_FAILED = WINDOW // 5
FAILED_IN_A_ROW = 3
GOOD_TO_CLOSE = 3
GOOD_TO_BE_WELL = 20  # in a row: only then is an episode over and forgotten
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
PROBE_LASTS = timedelta(seconds=45)
"""A probe nobody heard of again: its worker died, somebody else may probe."""

_GOOD, _BAD = ".", "x"


@dataclass(frozen=True, slots=True)
class Health:
    """How a carrier does in one direction; new, it counts as if the last 20 tries were good.

    `recent` is a mark a try, the newest last. `good` counts tries that went well since the last
    that did not. `openings` counts how often in this episode it was found not to work; an episode
    goes from the first trouble to twenty good tries in a row, and `told` says that it was told.
    """

    recent: str = _GOOD * WINDOW
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    is_probing: bool = False
    good: int = 0
    openings: int = 0
    episode: int = 1
    told: bool = False

    @property
    def is_open(self) -> bool:
        """Passed over, as long as another carrier works."""
        return self.opened_at is not None

    def may_be_probed(self, now: datetime, patience: timedelta = timedelta(0)) -> bool:
        """Whether one errand may be risked on it now; `patience`: others had so long to do it."""
        return self.is_open and self.probe_at is not None and self.probe_at + patience <= now


def probing(health: Health, now: datetime) -> Health:
    """One errand is risked on it; nobody else may for a while."""
    return replace(health, is_probing=True, probe_at=now + PROBE_LASTS)


def after(health: Health, outcome: Outcome, now: datetime) -> Health:
    """The health after one more try."""
    if outcome is Outcome.GOOD:
        return _after_good(health, now)
    if outcome in (Outcome.FAILED, Outcome.BARRED):
        return _after_failure(health, now)
    return health


def must_tell(before: Health, outcome: Outcome, now: Health) -> bool:
    """Whether people must hear of it: it opened, or refuses us or our words; once an episode."""
    is_refusal = outcome in (Outcome.BARRED, Outcome.FILTERED)
    return not now.told and (is_refusal or (now.is_open and not before.is_open))


def wait_after(openings: int) -> timedelta:
    """How long it is left alone after it was found not to work for this many times."""
    doublings = min(max(openings - 1, 0), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _after_good(health: Health, now: datetime) -> Health:
    good = health.good + 1
    if health.is_open and good < GOOD_TO_CLOSE:
        return replace(health, good=good, is_probing=False, probe_at=now)
    if health.is_open:
        # A fresh look, but with the episode kept in mind: the next opening waits longer.
        fresh = replace(health, recent=Health().recent, is_probing=False, good=good)
        return replace(fresh, opened_at=None, probe_at=None)
    if health.openings == 0 and not health.told and _BAD not in health.recent:
        return health
    if good >= GOOD_TO_BE_WELL:
        return Health(episode=health.episode + 1)
    return replace(health, good=good, recent=_shifted(health.recent, _GOOD))


def _after_failure(health: Health, now: datetime) -> Health:
    if health.is_open and not health.is_probing:
        # It was under way before the opening, or everything else had failed: nothing is new.
        return replace(health, good=0)
    recent = _shifted(health.recent, _BAD)
    failed = replace(health, recent=recent, good=0)
    too_often = recent.count(_BAD) >= MOST_FAILED or recent.endswith(_BAD * FAILED_IN_A_ROW)
    if not health.is_open and not too_often:
        return failed
    openings = health.openings + 1
    return replace(
        failed,
        opened_at=health.opened_at or now,
        probe_at=now + wait_after(openings),
        is_probing=False,
        openings=openings,
    )


def _shifted(recent: str, mark: str) -> str:
    return (recent + mark)[-WINDOW:]
