"""Who is on call: shifts as the one truth, and what can be asked of them and done to them.

Rotations (core.rotation) only propose shifts; a shift that a person decided on (an override, a
swap) stands, and a rotation fills in around it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

HAND, ROTATION, OVERRIDE, SWAP = "hand", "rotation", "override", "swap"
DECIDED = frozenset({OVERRIDE, SWAP})
"""What a rotation never touches and never doubles."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment on until before another one."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """From when until when somebody is on call; place 1 is paged first. `id`: None until kept."""

    staff_id: int
    starts_at: datetime
    ends_at: datetime
    place: int = 1
    source: str = HAND
    rotation_id: int | None = None
    id: int | None = None

    @property
    def is_decided(self) -> bool:
        """By people, for this very span."""
        return self.source in DECIDED

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call, in the order they are paged; from `until` on it is `then`.

    `until` is None where nothing changes any more. Nobody now, or nobody then, is an empty tuple.
    """

    now: tuple[int, ...]
    until: datetime | None
    then: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """The same people on call, in the order they are paged; nobody where `people` is empty."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Double:
    """Two people in one place, or one person in two places, at the same time."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[int, ...]
    places: tuple[int, ...]


def people_at(shifts: Iterable[Shift], at: datetime) -> tuple[int, ...]:
    """Nobody twice; who has two places is paged in the better one."""
    there = sorted((shift for shift in shifts if shift.holds(at)), key=lambda shift: shift.place)
    return tuple(dict.fromkeys(shift.staff_id for shift in there))


def on_call(shifts: Collection[Shift], at: datetime) -> OnCall:
    """Who is on call at a moment, until when, and who comes next."""
    now = people_at(shifts, at)
    for moment in _seams(shifts):
        if moment > at and (then := people_at(shifts, moment)) != now:
            return OnCall(now, moment, then)
    return OnCall(now, None, now)


def watches(shifts: Collection[Shift], starts_at: datetime, ends_at: datetime) -> tuple[Watch, ...]:
    """Between two moments, piece by piece, who is on call; pieces with nobody too."""
    inside = [moment for moment in _seams(shifts) if starts_at < moment < ends_at]
    moments = [starts_at, *inside, ends_at]
    found: list[Watch] = []
    for begins, ends in zip(moments, moments[1:], strict=False):
        people = people_at(shifts, begins)
        if found and found[-1].people == people:
            begins = found.pop().starts_at
        found.append(Watch(begins, ends, people))
    return tuple(found)


def gaps(shifts: Iterable[Shift], starts_at: datetime, ends_at: datetime) -> tuple[Span, ...]:
    """When nobody at all is on call between two moments."""
    found: list[Span] = []
    covered = starts_at
    for shift in sorted(shifts, key=lambda shift: shift.starts_at):
        if shift.ends_at <= covered:
            continue
        if shift.starts_at >= ends_at:
            break
        if shift.starts_at > covered:
            found.append(Span(covered, shift.starts_at))
        covered = shift.ends_at
    if covered < ends_at:
        found.append(Span(covered, ends_at))
    return tuple(found)


def doubles(shifts: Collection[Shift]) -> tuple[Double, ...]:
    """Every overlap that somebody should look at, in order of time."""
    found = [
        *_overlaps(shifts, lambda shift: ("place", shift.place)),
        *_overlaps(shifts, lambda shift: ("person", shift.staff_id)),
    ]
    # One person twice in one place comes from both questions: told once.
    return tuple(sorted(dict.fromkeys(found), key=lambda double: (double.starts_at, double.places)))


def left_of(shift: Shift, starts_at: datetime, ends_at: datetime) -> tuple[Shift, ...]:
    """What is left of a shift when a span is cut out of it: nothing, a part, two parts or all."""
    if not shift.meets(starts_at, ends_at):
        return (shift,)
    before = replace(shift, ends_at=starts_at) if shift.starts_at < starts_at else None
    after = replace(shift, starts_at=ends_at) if ends_at < shift.ends_at else None
    if before is not None and after is not None:
        after = replace(after, id=None)
    return tuple(part for part in (before, after) if part is not None)


def around(planned: Iterable[Shift], standing: Collection[Shift]) -> tuple[Shift, ...]:
    """What of `planned` is free of `standing` in the same place."""
    found: list[Shift] = []
    for shift in planned:
        parts: tuple[Shift, ...] = (shift,)
        for other in standing:
            if other.place == shift.place:
                cut = [left_of(part, other.starts_at, other.ends_at) for part in parts]
                parts = tuple(rest for rests in cut for rest in rests)
        found += parts
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What to take away from the shifts of a rotation and what to add to them."""

    gone: tuple[Shift, ...]
    added: tuple[Shift, ...]


def renew(
    planned: Iterable[Shift], made: Iterable[Shift], decided: Collection[Shift], now: datetime
) -> Renewal:
    """Bring the shifts a rotation has `made` up to what it has `planned` from `now` on.

    What was made keeps its person: a plan people have seen is not turned round under them. What
    has begun stays. What was `decided` by people stands. Doing it again changes nothing.
    """
    to_come = (left for shift in planned for left in left_of(shift, shift.starts_at, now))
    wanted = around([shift for shift in to_come if shift.ends_at > now], decided)
    kept: list[Shift] = []
    gone: list[Shift] = []
    for shift in made:
        # What is in the past of a shift that has begun is nobody's plan any more.
        future = left_of(shift, shift.starts_at, now) if shift.starts_at < now else (shift,)
        is_wanted = not around(future, wanted)
        (kept if is_wanted or shift.starts_at <= now else gone).append(shift)
    return Renewal(tuple(gone), around(wanted, kept))


def _seams(shifts: Iterable[Shift]) -> list[datetime]:
    return sorted({moment for shift in shifts for moment in (shift.starts_at, shift.ends_at)})


def _overlaps(shifts: Collection[Shift], group: Callable[[Shift], Hashable]) -> list[Double]:
    groups: dict[Hashable, list[Shift]] = {}
    for shift in shifts:
        groups.setdefault(group(shift), []).append(shift)
    return [double for alike in groups.values() for double in _overlaps_among(alike)]


def _overlaps_among(alike: Sequence[Shift]) -> list[Double]:
    """Side by side pieces of the same overlap are told as one."""
    found: list[Double] = []
    seams = _seams(alike)
    for starts_at, ends_at in zip(seams, seams[1:], strict=False):
        there = [shift for shift in alike if shift.holds(starts_at)]
        if len(there) < 2:
            continue
        people = tuple(sorted({shift.staff_id for shift in there}))
        places = tuple(sorted({shift.place for shift in there}))
        if found and _goes_on(found[-1], starts_at, people, places):
            starts_at = found.pop().starts_at
        found.append(Double(starts_at, ends_at, people, places))
    return found


def _goes_on(
    double: Double, at: datetime, people: tuple[int, ...], places: tuple[int, ...]
) -> bool:
    return (double.ends_at, double.people, double.places) == (at, people, places)
