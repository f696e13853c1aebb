"""Whom to page next, and when, until someone has taken the case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FIRST, SECOND, SUPERVISORS, EVERYONE = "first", "second", "supervisors", "everyone"
WHOM = (FIRST, SECOND, SUPERVISORS, EVERYONE)


SMS, VOICE, BOTH = "sms", "voice", "both"
BY = (SMS, VOICE, BOTH)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `after` seconds from its start, page `page` by text, call or both."""

    after: int
    page: str
    by: str = SMS


@dataclass(frozen=True, slots=True)
class Clock:
    """The two clocks of a case, in seconds.

    `claim` and `attempt`: somebody has it, somebody has really tried to call, counted from its
    opening. `lapse`: so long after a reminder the case goes back to the ladder. `follow_up`: after
    a call that reached the caller.
    """

    claim: int
    attempt: int
    lapse: int
    follow_up: int


USUAL = Clock(claim=900, attempt=1800, lapse=600, follow_up=86_400)


@dataclass(frozen=True, slots=True)
class Policy:
    """A ladder: its rungs in order, then everyone every `repeat_every` seconds, without end.

    `acknowledge` people must say that they take the case before the ladder stops. A calm ladder
    keeps to quiet hours, and its pages are gathered into a digest.
    """

    name: str
    rungs: tuple[Rung, ...]
    repeat_every: int
    acknowledge: int = 1
    is_calm: bool = False
    clock: Clock = USUAL

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, frozen on a case when it opens: an edit never moves a running ladder."""
        clock = self.clock
        return {
            "name": self.name,
            "rungs": [[rung.after, rung.page, rung.by] for rung in self.rungs],
            "repeat_every": self.repeat_every,
            "acknowledge": self.acknowledge,
            "calm": self.is_calm,
            "clock": [clock.claim, clock.attempt, clock.lapse, clock.follow_up],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Policy:
        """Also what the version before wrote, which knew of texts only."""
        return cls(
            data["name"],
            tuple(Rung(after, page, by) for after, page, by in data["rungs"]),
            data["repeat_every"],
            data.get("acknowledge", 1),
            data.get("calm", False),
            Clock(*data["clock"]) if "clock" in data else USUAL,
        )


@dataclass(frozen=True, slots=True)
class Policies:
    """All ladders, each with its clock, and which one a priority takes."""

    by_priority: Mapping[str, Policy]

    def of(self, priority: str) -> Policy:
        return self.by_priority[priority]


def rung_at(policy: Policy, step: int) -> Rung:
    """The rung of `step` (0 is the first page); past the last rung everyone is paged."""
    if step < len(policy.rungs):
        return policy.rungs[step]
    return Rung(_after(policy, step), EVERYONE, policy.rungs[-1].by)


def due_at(policy: Policy, step: int, started: datetime) -> datetime:
    """When `step` is due if nobody has taken the case by then."""
    return started + timedelta(seconds=_after(policy, step))


def _after(policy: Policy, step: int) -> int:
    last = len(policy.rungs) - 1
    if step <= last:
        return policy.rungs[step].after
    return policy.rungs[last].after + (step - last) * policy.repeat_every


@dataclass(frozen=True, slots=True)
class Roster:
    """Who could be paged now, by staff id: those on call in order, supervisors, everyone active."""

    on_call: Sequence[int]
    supervisors: Sequence[int]
    everyone: Sequence[int]

    @property
    def in_charge(self) -> Sequence[int]:
        """Who decides: the supervisors; where there is none, everybody who could."""
        return self.supervisors or self.everyone


def whom(page: str, roster: Roster, said: Collection[int] = ()) -> tuple[int, ...]:
    """The staff to page; where a place is empty the page goes up the ladder, never nowhere.

    Those in `said` have said already what they do and are left out, until everybody has. An empty
    answer means that there is nobody on the staff at all.
    """
    everyone = tuple(dict.fromkeys([*roster.on_call, *roster.everyone]))
    on_call = roster.on_call[1:] if page == SECOND else roster.on_call
    supervisors = tuple(one for one in roster.supervisors if one not in said)
    free = [one for one in on_call if one not in said]
    if page in (FIRST, SECOND) and free:
        return (free[0],)
    if page != EVERYONE and supervisors:
        return supervisors
    return tuple(one for one in everyone if one not in said) or everyone
