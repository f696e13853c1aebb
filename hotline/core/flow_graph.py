"""Where every step can lead, with the flows that wait to be come back to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline.core.flow import (
    AGAIN,
    BACK,
    END,
    HOME,
    VOICE,
    Ask,
    Branch,
    Flow,
    Number,
    Place,
    Record,
    Step,
    Way,
)
from hotline.core.library import BEGUN_BY_THE_LINE, Library
from hotline.core.silence import CALLBACK
from hotline.core.walk import DEEPEST


@dataclass(frozen=True, slots=True)
class Spot:
    """A step, and where the flows that ran this one go on (innermost last)."""

    place: Place
    stack: tuple[Place | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """All spots that can be reached on a channel, and the ways out of each; None is the end."""

    channel: str
    edges: Mapping[Spot, tuple[tuple[Way, Spot | None], ...]]
    too_deep: frozenset[Place]

    @property
    def places(self) -> frozenset[Place]:
        return frozenset(spot.place for spot in self.edges)


def roots(library: Library, channel: str) -> list[Spot]:
    """Where a conversation can begin on a channel."""
    if channel != VOICE:
        return [Spot(started(library, place)) for place in library.topics]
    begins = [Spot(library.start_of(library.entry)), Spot(library.home)]
    begins += [Spot(library.start_of(flow)) for flow in BEGUN_BY_THE_LINE if flow in library.flows]
    if CALLBACK in library.flows:  # behind the last offer after three silences
        begins.append(Spot(library.start_of(CALLBACK), (END,)))
    return begins


def started(library: Library, place: Place) -> Place:
    return place if place.step else library.start_of(place.flow)


def draw_graph(library: Library, channel: str, begins: Iterable[Spot]) -> Graph:
    """Everything that can be reached from these spots. The library's links must be whole."""
    edges: dict[Spot, tuple[tuple[Way, Spot | None], ...]] = {}
    too_deep: set[Place] = set()
    ahead = list(begins)
    while ahead:
        spot = ahead.pop()
        if spot in edges:
            continue
        flow = library.flows[spot.place.flow]
        step = flow.steps[spot.place.step]
        ways = list(ways_on(flow, step, channel))
        if any(way.run is not None for way in ways) and len(spot.stack) >= DEEPEST:
            too_deep.add(spot.place)
        edges[spot] = tuple((way, onward(library, spot, way, channel)) for way in ways)
        ahead.extend(next_spot for _, next_spot in edges[spot] if next_spot is not None)
    return Graph(channel, edges, frozenset(too_deep))


def onward(library: Library, spot: Spot, way: Way, channel: str) -> Spot | None:
    """Where a way leads from a spot, as the engine walks it; None is the end."""
    stack = spot.stack
    target: Place | str = way.go if way.go is not None else END
    if way.run is not None:
        back = spot.place if way.go in (None, AGAIN) else target
        stack = (*stack[-(DEEPEST - 1) :], back)
        return Spot(started(library, way.run), stack)
    while target == BACK:
        if not stack:
            return None
        target, stack = stack[-1], stack[:-1]
    if target == HOME and channel == VOICE:
        return Spot(library.home)
    if target == AGAIN:
        return spot
    if isinstance(target, str):
        return None
    is_jump = way.go != BACK and target.flow != spot.place.flow
    return Spot(started(library, target), () if is_jump else stack)


def ways_on(flow: Flow, step: Step, channel: str) -> Iterator[Way]:
    """The ways a caller can take from a step on this channel; a hang-up leads nowhere."""
    action = step.action
    if isinstance(action, Ask):
        yield from action.choices.values()
    elif isinstance(action, Branch):
        yield from branch_ways(action, channel)
        return
    else:
        yield step.way
    if isinstance(action, Number) and action.failed is not None:
        yield action.failed
    if isinstance(action, Record) and action.on_delete is not None:
        yield action.on_delete
    if step.waits:
        yield from _ways_of_patience(flow, step)


def _ways_of_patience(flow: Flow, step: Step) -> Iterator[Way]:
    for own, common in (
        (step.on_silence, flow.on_silence),
        (step.on_wrong_key, flow.on_wrong_key),
    ):
        way = own or common
        if way is not None and (way.go is not None or way.run is not None):
            yield way


def branch_ways(branch: Branch, channel: str) -> Iterator[Way]:
    """The ways of a branch that this channel can take."""
    for tests, way in branch.ways:
        on_channel = [channel in test.values for test in tests if test.name == "channel"]
        if all(on_channel):
            yield way
            if len(on_channel) == len(tests):
                return
