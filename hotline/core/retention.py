"""What is to be forgotten when: the rules of flows/retention.yaml, and what keeps them in check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.core.local_time import PHNOM_PENH

DELETE_THERE, DELETE, STRIP, ANONYMISE = "delete_there", "delete", "strip", "anonymise"
BY_HAND = "by_hand"
NOBODY, REPORT, TWO = "nobody", "report", "two"

CARRIER_COPIES: Final = "carrier_copies"
NO_CASE, ADVICE, OTHER, AUTHORITY = "no_case", "advice", "other_cases", "authority"
CASE_RULES = (NO_CASE, ADVICE, OTHER, AUTHORITY)
VOICE, VOICE_AT_MOST = "voice_messages", "voice_at_most"
SET_ASIDE: Final = "set_aside"

ALLOWED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    CARRIER_COPIES: (DELETE_THERE, (NOBODY,)),
    "empty_calls": (DELETE, (REPORT,)),
    "call_times": (DELETE, (REPORT,)),
    "pauses": (DELETE, (NOBODY,)),
    VOICE: (DELETE, (REPORT,)),
    VOICE_AT_MOST: (DELETE, (REPORT,)),
    "texts": (STRIP, (REPORT,)),
    "unread": (STRIP, (REPORT,)),
    "conversations": (STRIP, (REPORT,)),
    SET_ASIDE: (DELETE, (REPORT,)),
    NO_CASE: (ANONYMISE, (REPORT, TWO)),
    ADVICE: (ANONYMISE, (REPORT, TWO)),
    OTHER: (ANONYMISE, (REPORT, TWO)),
    AUTHORITY: (ANONYMISE, (TWO,)),
    "callers": (DELETE, (REPORT,)),
    "wishes": (DELETE, (REPORT,)),
    "alerts": (DELETE, (REPORT,)),
    "sign_ins": (DELETE, (NOBODY,)),
    "sessions": (DELETE, (NOBODY,)),
    "audit": (BY_HAND, (NOBODY,)),
    "backups": (BY_HAND, (NOBODY,)),
}
"""Every rule there must be, what it does, and whom it may ask."""

MANY, CLOCK, STOPPED = "many", "clock", "stopped"
"""Why a report waits for a person: it takes much, the clock jumped, the one before was stopped."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`keep` counts from the day the thing was over: closed, ended, sent, last seen."""

    name: str
    keep: timedelta
    then: str
    asks: str

    def before(self, now: datetime) -> datetime:
        """What was over by then is due at `now`."""
        return now - self.keep


@dataclass(frozen=True, slots=True)
class Guard:
    """How long a report stands, and from where on it waits for a person."""

    stands: timedelta
    share: int  # percent of the closed cases
    least: int
    jump: timedelta

    def reasons(
        self, due: int, closed: int, last: datetime | None, now: datetime, *, stopped: bool
    ) -> tuple[str, ...]:
        """Why this report needs a person's word; () lets it go by itself."""
        is_many = due > self.least and due * 100 > self.share * closed
        has_jumped = last is not None and now - last > self.jump
        found = ((MANY, is_many), (CLOCK, has_jumped), (STOPPED, stopped))
        return tuple(code for code, is_so in found if is_so)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All rules; which outcomes are no case and advice, which kinds an authority may have."""

    rules: Mapping[str, Rule]
    no_case: frozenset[str]
    advice: frozenset[str]
    authority: frozenset[str]
    guard: Guard

    def rule_of_case(self, kind: str, outcome: str | None, *, to_authority: bool) -> Rule:
        """A case that was told to an authority is never taken for a light one."""
        if to_authority and kind in self.authority:
            return self.rules[AUTHORITY]
        if to_authority or outcome not in self.no_case | self.advice:
            return self.rules[OTHER]
        return self.rules[NO_CASE if outcome in self.no_case else ADVICE]

    def asking(self, *whom: str) -> tuple[Rule, ...]:
        """The rules that ask one of these, in the order of the file."""
        return tuple(rule for rule in self.rules.values() if rule.asks in whom)


def to_the_month(opened_at: datetime) -> timedelta:
    """By how much all times of a case go back, so that it opened when its month began.

    How long each step took can still be counted; on which day it was cannot be told.
    """
    there = opened_at.astimezone(PHNOM_PENH)
    return there - there.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def province_of(place: str | None) -> str | None:
    """The first two digits of a Cambodian place code name the province."""
    return place[:2] if place else place
