"""Two things measured in turn, in rotated order, so that drift of the machine hits both alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: `rounds` of each thing, each `seconds` long."""

    rounds: int = 5
    seconds: float = 2.0
    times: int = 60


QUICK = Effort(rounds=2, seconds=0.7, times=12)


def in_turn(rounds: int, *things: Callable[[], T]) -> list[list[T]]:
    """What each thing gave, one value a round."""
    found: list[list[T]] = [[] for _ in things]
    for number in range(rounds):
        for step in range(len(things)):
            at = (number + step) % len(things)
            found[at].append(things[at]())
    return found


def median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def spread(values: Iterable[float], digits: int = 2) -> str:
    known = list(values)
    return f"{min(known):.{digits}f}..{max(known):.{digits}f}"
