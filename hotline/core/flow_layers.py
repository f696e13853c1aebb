"""In which layer of a drawing each step of a flow stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from hotline.core.flow import Flow


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way between two steps of the flow, with what it is taken by."""

    source: str
    target: str
    label: str
    opens_case: bool


def layers_of(flow: Flow, arrows: list[Arrow]) -> list[list[str]]:
    """Each step below all that lead to it, ways back up left out of account."""
    onward = _onward(flow, arrows)
    depth = dict.fromkeys(flow.steps, 0)
    for name in _in_order(flow, onward):
        for target in onward[name]:
            depth[target] = max(depth[target], depth[name] + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in flow.steps:
        layers[depth[name]].append(name)
    return _untangle(layers, arrows)


def _onward(flow: Flow, arrows: list[Arrow]) -> dict[str, list[str]]:
    """Ways on without those that close a circle."""
    onward: dict[str, list[str]] = {name: [] for name in flow.steps}
    for arrow in arrows:
        onward[arrow.source].append(arrow.target)
    state: dict[str, int] = {}

    def cut_circles(name: str) -> None:
        state[name] = 1
        onward[name] = [target for target in onward[name] if state.get(target) != 1]
        for target in onward[name]:
            if target not in state:
                cut_circles(target)
        onward[name] = [target for target in onward[name] if state.get(target) == 2]
        state[name] = 2

    for name in (flow.start, *flow.steps):
        if name not in state:
            cut_circles(name)
    return onward


def _in_order(flow: Flow, onward: dict[str, list[str]]) -> list[str]:
    """Every step before the steps it leads to."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(flow.steps, ()))
    for name, targets in onward.items():
        for target in targets:
            sorter.add(target, name)
    return list(sorter.static_order())


def _untangle(layers: list[list[str]], arrows: list[Arrow]) -> list[list[str]]:
    """Order each layer by where its steps are reached from, so that fewer lines cross."""
    done = [layers[0]]
    for layer in layers[1:]:
        above = {name: place for place, name in enumerate(done[-1])}

        def middle(name: str, above: Mapping[str, int] = above) -> float:
            places = [
                above[arrow.source] + number / 1000
                for number, arrow in enumerate(arrows)
                if arrow.target == name and arrow.source in above
            ]
            return sum(places) / len(places) if places else 0.0

        done.append(sorted(layer, key=middle))
    return done
