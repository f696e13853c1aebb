"""Words that say something only together: child + lost, lost + money, thanks + help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations

from hotline.core.keyword_reading import Find, Unit
from hotline.core.keyword_words import KHMER, Word


@dataclass(frozen=True, slots=True)
class Phrase:
    """Meanings that stand near each other, in this order (or any): then `topic`, or leave it.

    `meanings` holds alternatives for each place. `gap` is how many words may stand between two.
    `over` names topics that this phrase settles. `sure` False: only ask back.
    """

    topic: str | None
    meanings: tuple[frozenset[str], ...]
    gap: float
    any_order: bool
    over: frozenset[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A reason to think of a topic, at units `start` to before `end`."""

    topic: str
    weight: float
    start: int
    end: int
    score: int
    by_sound: bool
    sure: bool
    word: Word | None = None


def hits_of(finds: list[Find], units: list[Unit], matters: Callable[[str], bool]) -> list[Hit]:
    """The topics' own words inside a longer text."""
    hits = []
    for find in finds:
        word, topic = find.word, find.word.label
        if word.kind != "topic" or word.use == "alone" or topic == "STOP":
            continue
        sure = find.sure and word.use == "inside"
        if sure and find.how == "sound" and len(word.sound) <= 3 and word.language == "km":
            sure = False
        if sure or matters(topic):
            size = len(word.letters) / (3 if word.script == KHMER else 4)
            weight = 1 + min(size, 4) / 4
            hits.append(
                Hit(
                    topic, weight, find.start, find.end, find.score, find.how == "sound", sure, word
                )
            )
    return hits


def ruled_by(
    phrases: tuple[Phrase, ...], finds: list[Find], units: list[Unit], hits: list[Hit]
) -> list[Hit]:
    """The hits after every phrase has spoken: some added, some settled, some explained away."""
    places = _places(finds)
    walls = _lengths(units)
    left: list[tuple[Find, ...]] = []
    for phrase in phrases:
        for chain in _chains(phrase, places, walls):
            if phrase.topic is None:
                left.append(chain)
                continue
            hits = [hit for hit in hits if hit.topic not in phrase.over]
            hits.append(_hit(phrase, chain))
            break
    return [hit for hit in hits if not any(_explained(hit, chain) for chain in left)]


def _hit(phrase: Phrase, chain: tuple[Find, ...]) -> Hit:
    return Hit(
        topic=phrase.topic or "",
        weight=2 + len(chain) / 2,
        start=min(find.start for find in chain),
        end=max(find.end for find in chain),
        score=min(find.score for find in chain),
        by_sound=any(find.how == "sound" for find in chain),
        sure=phrase.sure and all(find.sure for find in chain),
        word=chain[0].word,
    )


def _explained(hit: Hit, chain: tuple[Find, ...]) -> bool:
    first, last = min(find.start for find in chain), max(find.end for find in chain)
    if not hit.sure:
        return hit.start < last and first < hit.end
    return first <= hit.start and hit.end <= last


def _places(finds: list[Find]) -> dict[str, list[Find]]:
    places: dict[str, list[Find]] = {}
    for find in finds:
        places.setdefault(find.word.label, []).append(find)
    return places


def _lengths(units: list[Unit]) -> list[float]:
    """How far into the text each unit begins, in words; a Khmer syllable is half of one."""
    far = [0.0]
    for unit in units:
        far.append(far[-1] + (0.5 if unit.kind == KHMER else 1.0))
    return far


def _chains(
    phrase: Phrase, places: dict[str, list[Find]], far: list[float]
) -> Iterator[tuple[Find, ...]]:
    if not all(any(name in places for name in step) for step in phrase.meanings):
        return
    orders = permutations(phrase.meanings) if phrase.any_order else [phrase.meanings]
    for order in orders:
        for first in _of(order[0], places):
            chain = _follow((first,), order[1:], places, far, phrase.gap)
            if chain:
                yield chain


def _follow(
    chain: tuple[Find, ...],
    rest: tuple[frozenset[str], ...],
    places: dict[str, list[Find]],
    far: list[float],
    gap: float,
) -> tuple[Find, ...] | None:
    if not rest:
        return chain
    for find in _of(rest[0], places):
        if chain[-1].end <= find.start and far[find.start] - far[chain[-1].end] <= gap:
            longer = _follow((*chain, find), rest[1:], places, far, gap)
            if longer:
                return longer
    return None


def _of(step: frozenset[str], places: dict[str, list[Find]]) -> list[Find]:
    return [find for name in step for find in places.get(name, ())]
