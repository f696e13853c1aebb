"""A text taken apart: Latin words, Khmer syllables, numbers; and every known word found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotline.core.keyword_words import KHMER, LATIN, MEANINGS, TOPICS, Guess, Word, Words

NUMBER, AMOUNT = "number", "amount"
MOST_UNITS = 700  # a text has at most 1,600 letters; more than this is not read
_LONGEST_LATIN, _LONGEST_KHMER = 5, 14  # words, syllables
_UNIT = re.compile(
    "(?P<khmer>[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]?|[\u17b6-\u17d1\u17dd])*)"
    r"|(?P<amount>[$€฿៛]\s*\d[\d.,]*|\d+(?:[.,:/–-]\d+)+|\d+\s*[$€฿៛%°]|\+\s*\d+)"
    r"|(?P<number>\d+)"
    "|(?P<latin>[a-z\u00df-\u024f]+(?:['’`][a-z]+)*)"
)
_JUST_LIKE = 95
_HELD = re.compile(r"(.)\1+")
_APOSTROPHE = re.compile("['’`]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A Latin word, a Khmer syllable, or digits; `kind` is latin, khmer, number or amount."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Find:
    """A word found at units `start` to before `end`; not `sure`: only to be asked back."""

    start: int
    end: int
    word: Word
    score: int
    how: str  # "written" or "sound"
    sure: bool = True

    @property
    def places(self) -> range:
        return range(self.start, self.end)


def take_apart(tidied: str) -> list[Unit]:
    """Units in the order written. Spaces, punctuation and emoji only part them."""
    found = []
    for part in _UNIT.finditer(tidied):
        kind = part.lastgroup or LATIN
        found.append(Unit(_APOSTROPHE.sub("", part[0]) if kind == LATIN else part[0], kind))
    return found[:MOST_UNITS]


def find_words(units: list[Unit], words: Words, accept: int, ask: int) -> list[Find]:
    """Every known word, also one inside another; but nothing inside an everyday word."""
    found = list(_as_written(units, words))
    taken = _longest_first(found)
    everyday = [find for find in taken if find.word.kind == "leave"]
    whole = [find for find in taken if find.word.kind == "topic" and find.word.script == KHMER]
    kept = [
        find
        for find in found
        if not any(_inside(find, leave) for leave in everyday)
        and not any(word.start < find.start and find.end < word.end for word in whole)
    ]
    known = {place for find in found for place in find.places}
    by_sound = list(_by_sound(units, words, known, accept, ask))
    return sorted(kept + by_sound, key=lambda find: (find.start, -find.end))


def _as_written(units: list[Unit], words: Words) -> Iterator[Find]:
    for start, unit in enumerate(units):
        letters = ""
        for end in range(start, _last(units, start)):
            letters += units[end].text
            if len(letters) > words.longest:
                break
            for word in words.as_written(letters):
                if unit.kind in (KHMER, LATIN):
                    yield Find(start, end + 1, word, 100, "written")


def _last(units: list[Unit], start: int) -> int:
    """Where a word beginning here ends at the latest: it is of one script."""
    kind = units[start].kind
    end = start
    most = start + (_LONGEST_KHMER if kind == KHMER else _LONGEST_LATIN)
    while end < min(len(units), most) and units[end].kind == kind:
        end += 1
    return end


def _longest_first(found: list[Find]) -> list[Find]:
    """The text read from the left, the longest word first; of equals the everyday meaning last."""
    order = sorted(found, key=lambda find: (find.start, -find.end, find.word.kind == "leave"))
    taken: list[Find] = []
    reached = 0
    for find in order:
        if find.start >= reached:
            taken.append(find)
            reached = find.end
    return taken


def _inside(find: Find, everyday: Find) -> bool:
    if (find.start, find.end) == (everyday.start, everyday.end):
        return find.word.kind == "topic" and find.word.use != "alone"
    return (
        find.start < everyday.end
        and everyday.start < find.end
        and find.end - find.start <= (everyday.end - everyday.start)
    )


def _by_sound(
    units: list[Unit], words: Words, known: set[int], accept: int, ask: int
) -> Iterator[Find]:
    for start, unit in enumerate(units):
        if unit.kind == LATIN:
            yield from _latin_by_sound(units, start, words, known, accept, ask)
        elif unit.kind == KHMER and start not in known:
            yield from _khmer_by_sound(units, start, words, accept)


def _latin_by_sound(
    units: list[Unit], start: int, words: Words, known: set[int], accept: int, ask: int
) -> Iterator[Find]:
    letters = ""
    for end in range(start, min(_last(units, start), start + 4)):
        letters += units[end].text
        if len(letters) > words.longest + 4:
            return
        single = end == start
        if all(place in known for place in range(start, end + 1)):
            written = words.as_written(letters)
            if not single and not any(word.kind == "topic" for word in written):
                yield from _known_apart(start, end, letters, words)
            continue
        for kinds in (TOPICS, MEANINGS):
            guess = guess_latin(letters, words, kinds, single=single)
            if guess and guess.score >= (ask if single else accept):
                sure = guess.score >= accept
                yield Find(start, end + 1, guess.word, guess.score, "sound", sure)


def _known_apart(start: int, end: int, letters: str, words: Words) -> Iterator[Find]:
    """Each word is known, but together they sound just like another: thveu kar, choun dor."""
    guess = words.by_sound(letters, LATIN, TOPICS)
    if guess and guess.score >= _JUST_LIKE and len(guess.word.sound) >= 5:
        yield Find(start, end + 1, guess.word, guess.score, "sound")


def guess_latin(letters: str, words: Words, kinds: frozenset[str], *, single: bool) -> Guess | None:
    """What an unknown Latin word may be: the same sound, nearly that sound, or mistyped English."""
    guesses = [words.by_sound(letters, LATIN, kinds), _written_once(letters, words, kinds)]
    if guesses[0] and len(guesses[0].word.sound) <= 3 and guesses[0].score < 92:
        guesses = []
    if single and len(letters) >= 4:
        guesses.append(words.near_english(letters, kinds))
    if len(letters) >= 5 and "topic" in kinds:
        guesses.append(words.near_sound(letters, LATIN, kinds, 4 if single else 6))
    return max(
        (guess for guess in guesses if guess),
        key=lambda guess: (guess.score, guess.word.kind != "topic"),
        default=None,
    )


def _written_once(letters: str, words: Words, kinds: frozenset[str]) -> Guess | None:
    """A word with a letter held too long: helppp, jobb."""
    once = _HELD.sub(r"\1", letters)
    if once == letters:
        return None
    found = (word for word in words.as_written(once) if word.kind in kinds)
    return next((Guess(word, 95) for word in found), None)


def _khmer_by_sound(units: list[Unit], start: int, words: Words, accept: int) -> Iterator[Find]:
    for kinds in (TOPICS, MEANINGS):
        letters = ""
        best: Find | None = None
        for end in range(start, min(_last(units, start), start + 7)):
            letters += units[end].text
            guess = words.by_sound(letters, KHMER, kinds)
            if guess and guess.score >= accept and len(guess.word.sound) >= 4:
                best = Find(start, end + 1, guess.word, guess.score, "sound")
        if best:
            yield best
