"""The words a text may hold: found as written, by their sound, or one slip of a thumb away."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from hotline.core.edit_distance import SWAP, distance, one_left_out
from hotline.core.romanisation import price_of_sound, roughly, sound_of_khmer, sound_of_latin

KHMER, LATIN = "khmer", "latin"
TOPICS = frozenset({"topic", "leave", "polite"})  # what else a word may be is weighed with it
MEANINGS = frozenset({"meaning", "leave", "polite"})
T = TypeVar("T")
_ENOUGH_FOR_A_SLIP = 5  # letters; in shorter words only two neighbours may be swapped


@dataclass(frozen=True, slots=True)
class Word:
    """One spelling. `letters` is tidy, without spaces; `label` the topic, or the meaning it has.

    `kind` is "topic", "meaning", "leave" (an everyday word that only looks like another) or
    "polite". `use` says what a topic's word is worth: "inside" a longer text too, only "alone",
    "unsure" inside a longer text (ask back), or always "ask". `listed` is False for spellings the
    reviewer has not yet seen. `language` is None for digits.
    """

    letters: str
    label: str
    kind: str
    use: str
    listed: bool
    language: str | None
    script: str | None

    @property
    def sound(self) -> str:
        if self.script == KHMER:
            return sound_of_khmer(self.letters)
        return sound_of_latin(self.letters) if self.language == "km" else ""


@dataclass(frozen=True, slots=True)
class Guess:
    """A word that something written may stand for, `score` 0..100."""

    word: Word
    score: int


def likeness(one: str, other: str, limit: float = 99.0) -> int:
    """How alike two sounds are, 0..100."""
    longest = max(len(one), len(other), 1)
    return max(0, round(100 * (1 - distance(one, other, price_of_sound, limit) / longest)))


@dataclass(frozen=True, slots=True)
class Words:
    """All words, indexed once."""

    written: Mapping[str, tuple[Word, ...]]
    sounding: Mapping[str, tuple[Word, ...]]  # by rough sound
    near_sounds: Mapping[
        str, tuple[str, ...]
    ]  # rough sound with one letter left out -> rough sounds
    near_letters: Mapping[str, tuple[str, ...]]  # English with one letter left out -> words
    slips: Mapping[str, tuple[str, ...]]  # words of danger with one letter left out -> words
    longest: int  # letters of the longest word

    def as_written(self, letters: str) -> tuple[Word, ...]:
        return self.written.get(letters, ())

    def by_sound(self, letters: str, script: str, kinds: frozenset[str]) -> Guess | None:
        """The word that sounds the same; vowels and b/p, d/t, n/ng are taken loosely."""
        sound = sound_of_khmer(letters) if script == KHMER else sound_of_latin(letters)
        same = (
            word
            for word in self.sounding.get(roughly(sound), ())
            if word.script == script and word.kind in kinds
        )
        return _best(Guess(word, likeness(sound, word.sound)) for word in same)

    def near_sound(
        self, letters: str, script: str, kinds: frozenset[str], shortest: int
    ) -> Guess | None:
        """The word that nearly sounds the same: begins alike, has `shortest` sounds or more."""
        sound = sound_of_khmer(letters) if script == KHMER else sound_of_latin(letters)
        rough = roughly(sound)
        if len(rough) < shortest:
            return None
        keys = {key for part in one_left_out(rough) for key in self.near_sounds.get(part, ())}
        near = (
            word
            for key in keys
            if len(key) >= shortest and key[0] == rough[0]
            for word in self.sounding[key]
            if word.script == script and word.kind in kinds
        )
        return _best(Guess(word, likeness(sound, word.sound, 3.0)) for word in near)

    def near_english(self, letters: str, kinds: frozenset[str]) -> Guess | None:
        """The English word one or two slips away, both of four letters or more."""
        keys = {key for part in one_left_out(letters) for key in self.near_letters.get(part, ())}
        return _best(
            Guess(
                word,
                round(100 * (1 - distance(letters, key, limit=3.0) / max(len(key), len(letters)))),
            )
            for key in keys
            for word in self.written[key]
            if word.language == "en" and word.kind in kinds
        )

    def one_slip(self, letters: str) -> Guess | None:
        """The word of danger that one slip of a thumb makes of it: for asking back only."""
        keys = {key for part in one_left_out(letters) for key in self.slips.get(part, ())}
        near = ((key, distance(letters, key, limit=2.0)) for key in keys)
        return _best(
            Guess(self.written[key][0], round(100 * (1 - far / len(key))))
            for key, far in near
            if far <= (1.0 if len(key) >= _ENOUGH_FOR_A_SLIP else SWAP)
        )


def _best(guesses: Iterable[Guess]) -> Guess | None:
    """The likeliest; of equals an everyday word before a topic, so that nothing is read into it."""
    return max(guesses, key=lambda guess: (guess.score, guess.word.kind != "topic"), default=None)


def index_words(words: Iterable[Word], danger: Container[str] = ()) -> Words:
    """Build every index. `danger` names the topics that are not dropped for a slip of a thumb."""
    written: dict[str, list[Word]] = {}
    sounding: dict[str, list[Word]] = {}
    for word in words:
        if word not in written.setdefault(word.letters, []):
            written[word.letters].append(word)
        if word.use != "exact" and word.sound:
            sounding.setdefault(roughly(word.sound), []).append(word)
    english = {
        letters: None
        for letters, same in written.items()
        if len(letters) >= 4 and any(word.language == "en" for word in same)
    }
    slips = {
        letters: None
        for letters, same in written.items()
        if len(letters) >= 4 and same[0].label in danger and same[0].use in ("inside", "unsure")
    }
    return Words(
        written=_frozen(written.items()),
        sounding=_frozen(sounding.items()),
        near_sounds=_by_parts(sounding),
        near_letters=_by_parts(english),
        slips=_by_parts(slips),
        longest=max(map(len, written), default=0),
    )


def _by_parts(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        for part in one_left_out(key):
            found.setdefault(part, []).append(key)
    return _frozen(found.items())


def _frozen(items: Iterable[tuple[str, list[T]]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(values) for key, values in items}
