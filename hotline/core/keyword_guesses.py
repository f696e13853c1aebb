"""Which topics lie nearest to a text nobody understood: for who decides what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline.core.keyword_reading import Unit, take_apart
from hotline.core.keyword_words import KHMER, LATIN, TOPICS, Guess, Words
from hotline.core.keywords import ASK, EXACT, SOUND, STOP, Keywords
from hotline.core.sms_text import tidy

LEAST = 50  # below this everything is a little like everything
_UNITS = 12  # a spelling stands at the beginning, or is the whole text
_LATIN, _SYLLABLES = 3, 6


@dataclass(frozen=True, slots=True)
class Nearest:
    """A topic it may mean: `how` as the matcher says it, `score` 0..100."""

    topic: str
    how: str
    score: int


def nearest(keywords: Keywords, text: str, most: int = 3) -> tuple[Nearest, ...]:
    """The likeliest topics, best first. What the matcher itself says comes before all guesses."""
    best: dict[str, Nearest] = {}
    match = keywords.match(text)
    if match.topic is not None:
        best[match.topic] = Nearest(match.topic, match.how, match.score)
    for how, guess in _guesses(keywords.words, take_apart(tidy(text))[:_UNITS]):
        topic, known = guess.word.label, best.get(guess.word.label)
        if guess.word.kind != "topic" or topic == STOP or guess.score < LEAST:
            continue
        if known is None or (known.how not in (EXACT, ASK) and guess.score > known.score):
            best[topic] = Nearest(topic, how, guess.score)
    return tuple(sorted(best.values(), key=lambda one: -one.score)[:most])


def _guesses(words: Words, units: list[Unit]) -> Iterator[tuple[str, Guess]]:
    for start, first in enumerate(units):
        if first.kind not in (KHMER, LATIN):
            continue
        letters = ""
        for unit in units[start : start + (_LATIN if first.kind == LATIN else _SYLLABLES)]:
            if unit.kind != first.kind:
                break
            letters += unit.text
            if len(letters) > words.longest + 2:
                break
            yield from _of_letters(words, letters, first.kind)


def _of_letters(words: Words, letters: str, kind: str) -> Iterator[tuple[str, Guess]]:
    found = [
        (SOUND, words.by_sound(letters, kind, TOPICS)),
        (SOUND, words.near_sound(letters, kind, TOPICS, 2)),
        (ASK, words.one_slip(letters)),
    ]
    if kind == LATIN and len(letters) >= 4:
        found.append((SOUND, words.near_english(letters, TOPICS)))
    for how, guess in found:
        if guess is not None:
            yield how, guess
