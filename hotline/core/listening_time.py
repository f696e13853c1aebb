"""How long a caller listens before a case is open."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from hotline.core.flow import VOICE, Ask, Number, Phrase, Record, Step, Way
from hotline.core.flow_graph import Spot, onward, ways_on
from hotline.core.library import Library
from hotline.core.spoken import numbers_told, told_after

URGENT_KIND = "missing_child"
MOST_SECONDS, AIM_SECONDS = 60.0, 25.0
_LETTERS_A_SECOND = 14.0  # where a take has not been measured


@dataclass(frozen=True, slots=True)
class Listening:
    """Seconds of listening, and the steps passed on the way."""

    seconds: float
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """Someone who hears every prompt out, or who presses as soon as the key is told."""

    library: Library
    language: str
    interrupts: bool

    def seconds(self, phrase: Phrase | None) -> float:
        saying = phrase.voice if phrase is not None else None
        if saying is None:
            return 0.0
        sound = self.library.audio(saying.prompt, self.language)
        if sound is not None:
            return sound.seconds
        return len(self.library.text(saying.prompt, self.language)) / _LETTERS_A_SECOND

    def asked(self, step: Step, key: str) -> float:
        """Listening to the question of a step until this key is pressed."""
        action = step.action
        if not isinstance(action, Ask | Number | Record):
            return 0.0
        full = self.seconds(action.phrase)
        prompt = (
            self.library.prompts.get(action.phrase.voice.prompt) if action.phrase.voice else None
        )
        return full * told_after(prompt, key) if self.interrupts and prompt else full


def listening_to_case(
    library: Library, language: str, *, interrupts: bool, kind: str = URGENT_KIND
) -> Listening | None:
    """The least listening from the answer of a call to an open case of this kind; None: no way."""

    def is_open(step: Step, way: Way | None) -> bool:
        cases = [step.enter.open_case, way.open_case if way is not None else None]
        return any(case is not None and case.kind == kind for case in cases)

    return _least(Listener(library, language, interrupts), is_open)


def listening_to_number(library: Library, language: str, number: str = "117") -> Listening | None:
    """The least listening until a phone number has been told in full; None: it never is."""
    listener = Listener(library, language, interrupts=False)

    def is_told(step: Step, way: Way | None) -> bool:
        phrases = [*step.says]
        if isinstance(step.action, Ask) and way is not None:
            phrases.append(step.action.phrase)
        prompts = (library.prompts.get(p.voice.prompt) for p in phrases if p.voice is not None)
        return any(p is not None and number in numbers_told(p.text("en")) for p in prompts)

    return _least(listener, is_told)


def _least(listener: Listener, is_there: Callable[[Step, Way | None], bool]) -> Listening | None:
    """Dijkstra over the spots of a call; a spot of None is the goal."""
    library, order = listener.library, count()
    start = Spot(library.start_of(library.entry))
    ahead: list[tuple[float, int, Spot | None, tuple[str, ...]]] = [(0.0, next(order), start, ())]
    done: set[Spot] = set()
    while ahead:
        seconds, _, spot, path = heapq.heappop(ahead)
        if spot is None:
            return Listening(round(seconds, 1), path)
        if spot not in done:
            done.add(spot)
            for cost, following in _onward(listener, spot, is_there):
                entry = (seconds + cost, next(order), following, (*path, str(spot.place)))
                heapq.heappush(ahead, entry)
    return None


def _onward(
    listener: Listener, spot: Spot, is_there: Callable[[Step, Way | None], bool]
) -> Iterator[tuple[float, Spot | None]]:
    """(seconds, the spot after them) for every way on; None where the goal is reached."""
    flow = listener.library.flows[spot.place.flow]
    step = flow.steps[spot.place.step]
    said = sum(listener.seconds(phrase) for phrase in step.says)
    if is_there(step, None):
        yield 0.0 if step.enter.open_case else said, None
        return
    for way in ways_on(flow, step, VOICE):
        seconds = said + listener.asked(step, _key_of(step, way))
        following = onward(listener.library, spot, way, VOICE)
        if is_there(step, way):
            yield seconds, None
        elif following is not None:
            yield seconds, following


def _key_of(step: Step, way: Way) -> str:
    if isinstance(step.action, Ask):
        return next((key for key, one in step.action.choices.items() if one is way), "")
    return ""
