"""Whom to page next, and when, until someone has taken the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FIRST, SECOND, SUPERVISORS, EVERYONE = "first", "second", "supervisors", "everyone"
WHOM = (FIRST, SECOND, SUPERVISORS, EVERYONE)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `after` seconds from the opening of the case, page `page`."""

    after: int
    page: str
    by: str = "sms"


@dataclass(frozen=True, slots=True)
class Policy:
    """A ladder: its rungs in order, then everyone every `repeat_every` seconds, without end."""

    name: str
    rungs: tuple[Rung, ...]
    repeat_every: int

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, frozen on a case when it opens: an edit never moves a running ladder."""
        return {
            "name": self.name,
            "rungs": [[rung.after, rung.page, rung.by] for rung in self.rungs],
            "repeat_every": self.repeat_every,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Policy:
        rungs = tuple(Rung(after, page, by) for after, page, by in data["rungs"])
        return cls(data["name"], rungs, data["repeat_every"])


@dataclass(frozen=True, slots=True)
class Policies:
    """All ladders, and which one a priority takes."""

    by_priority: Mapping[str, Policy]

    def of(self, priority: str) -> Policy:
        return self.by_priority[priority]


def rung_at(policy: Policy, step: int) -> Rung:
    """The rung of `step` (0 is the first page); past the last rung everyone is paged."""
    if step < len(policy.rungs):
        return policy.rungs[step]
    return Rung(_after(policy, step), EVERYONE)


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


def whom(page: str, roster: Roster) -> tuple[int, ...]:
    """The staff to page; where a place is empty the page goes up the ladder, never nowhere.

    An empty answer means that there is nobody on the staff at all.
    """
    if page == FIRST and roster.on_call:
        return (roster.on_call[0],)
    if page == SECOND and len(roster.on_call) > 1:
        return (roster.on_call[1],)
    if page != EVERYONE and roster.supervisors:
        return tuple(roster.supervisors)
    return tuple(dict.fromkeys([*roster.on_call, *roster.everyone]))
