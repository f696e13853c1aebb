"""Which topic a text means: listed words first, then whole phrases, then words by their sound."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from hotline.core.keyword_parting import part_run_together
from hotline.core.keyword_phrases import Hit, Phrase, hits_of, ruled_by
from hotline.core.keyword_reading import (
    AMOUNT,
    NUMBER,
    Unit,
    find_words,
    guess_latin,
    take_apart,
)
from hotline.core.keyword_words import KHMER, LATIN, TOPICS, Guess, Word, Words
from hotline.core.sms_text import tidy

EXACT, ALIAS, SOUND, ASK, NONE = "exact", "alias", "sound", "ask", "none"
_JUST_LIKE = 95  # below this a sound gives way to a written word
_MOST_FOR_A_SLIP = 24  # units: a longer text says its topic more than once
STOP, START = "STOP", "MENU"


@dataclass(frozen=True, slots=True)
class Match:
    """`how` exact: a listed word is the whole text; alias: a listed word inside it, or a spelling
    or phrase added since; sound: only by its sound; ask: unsure, the caller is to be asked; none.
    `score` is 0..100. `language` "km" or "en", `script` "khmer" or "latin": what to answer in.
    """

    topic: str | None
    how: str
    score: int
    language: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a topic leads, and how much it matters: `rank` is its place in the file."""

    name: str
    flow: str
    step: str
    urgent: bool
    quiet_flag: bool
    rank: int

    @property
    def tier(self) -> int:
        if self.urgent:
            return 0
        return 1 if self.quiet_flag else 2


@dataclass(frozen=True, slots=True)
class Keywords:
    """All that decides on a topic, read once from flows/keywords.yaml."""

    topics: Mapping[str, Topic]
    words: Words
    phrases: tuple[Phrase, ...]
    digits: Mapping[str, str]
    stop_words: frozenset[str]
    start_words: frozenset[str]
    beside_digits: frozenset[str]
    accept: int
    ask: int
    of_file: Keywords | None = None  # those of the file alone, where the desk has added some

    def match(self, text: str) -> Match:
        """The topic of a text as it came. Never raises; STOP comes from its written list only.

        What is danger by the file stays danger, whatever the desk added.
        """
        found = self._match(text)
        if self.of_file is None or self._is_danger(found):
            return found
        by_file = self.of_file.match(text)
        return by_file if self._is_danger(by_file) else found

    def _is_danger(self, match: Match) -> bool:
        topic = self.topics.get(match.topic or "")
        return topic is not None and topic.tier < 2

    def _match(self, text: str) -> Match:
        tidied = tidy(text)
        if self._is_stop(tidied):
            return Match(STOP, EXACT, 100, *_tongue_of(take_apart(tidied)))
        units = take_apart(tidied)
        if not units:
            return Match(None, NONE, 0)
        found = self._by_digits(units) or self._whole(units) or self._report(units)
        return found or self._inside(units) or Match(None, NONE, 0, *_tongue_of(units))

    def is_stop(self, text: str) -> bool:
        """True for a text that is, as a whole, on the written list of STOP; nothing is guessed."""
        return self._is_stop(tidy(text)) and self.match(text).topic == STOP

    def is_start(self, text: str) -> bool:
        """True for a text that as a whole asks to be written to again."""
        return _bare(tidy(text)) in self.start_words

    def _is_stop(self, tidied: str) -> bool:
        return _bare(tidied) in self.stop_words

    def _by_digits(self, units: list[Unit]) -> Match | None:
        numbers = [unit.text for unit in units if unit.kind == NUMBER]
        if not numbers or any(unit.kind == AMOUNT for unit in units):
            return None
        beside = "".join(unit.text for unit in units if unit.kind != NUMBER)
        topic = self.digits.get("".join(numbers))
        if topic in (None, STOP) or (beside and not self._only_beside_digits(units)):
            return None
        return Match(topic, ALIAS if beside else EXACT, 100, *_tongue_of(units))

    def _only_beside_digits(self, units: list[Unit]) -> bool:
        place = 0
        while place < len(units):
            for end in range(len(units), place, -1):
                letters = "".join(unit.text for unit in units[place:end])
                if letters in self.beside_digits or (
                    end == place + 1 and units[place].kind == NUMBER
                ):
                    place = end
                    break
            else:
                return False
        return True

    def _whole(self, units: list[Unit]) -> Match | None:
        """The text, or the text without the polite words around it, is a known word."""
        for part in self._without_polite(units):
            letters = "".join(unit.text for unit in part)
            known = self.words.as_written(letters)
            for word in known:
                if word.kind == "topic" and (part == units or word.use != "ask"):
                    return _match_word(word, alone=part == units)
            if any(word.kind == "leave" for word in known):
                return Match(None, NONE, 0, *_tongue_of(units))
        return None

    def _without_polite(self, units: list[Unit]) -> list[list[Unit]]:
        start, end = 0, len(units)
        parts = [units]
        while end > start + 1 and (size := self._polite(units[start:end], last=True)):
            end -= size
            parts.append(units[start:end])
        while start < end - 1 and (size := self._polite(units[start:end], last=False)):
            start += size
            parts.append(units[start:end])
        return [part for part in parts if part]

    def _polite(self, units: list[Unit], *, last: bool) -> int:
        for size in range(min(4, len(units) - 1), 0, -1):
            part = units[-size:] if last else units[:size]
            known = self.words.as_written("".join(unit.text for unit in part))
            if any(word.kind == "polite" for word in known):
                return size
        return 0

    def _report(self, units: list[Unit]) -> Match | None:
        """A club report: R and two or three numbers."""
        first, rest = units[0], units[1:]
        known = self.words.as_written(first.text)
        if len(rest) in (2, 3) and all(unit.kind == NUMBER for unit in rest):
            for word in known:
                if word.kind == "topic" and word.label == "CLUB_REPORT":
                    return _match_word(word)
        return None

    def _inside(self, units: list[Unit]) -> Match | None:
        units = part_run_together(units, self.words)
        finds = find_words(units, self.words, self.accept, self.ask)
        hits = hits_of(finds, units, self._matters)
        hits = ruled_by(self.phrases, finds, units, hits)
        if hits:
            best = min(hits, key=self._order)
            return Match(
                best.topic,
                ASK if not best.sure else SOUND if best.by_sound else ALIAS,
                best.score,
                *_tongue_of(units, best.word),
            )
        known = {place for find in finds if find.how == "written" for place in find.places}
        if len(known) == len(units):
            return None
        return self._whole_by_sound(units) or self._one_slip(units, known)

    def _one_slip(self, units: list[Unit], known: set[int]) -> Match | None:
        """Nothing else was found, but somewhere a word of danger is one slip away: ask back."""
        guesses = []
        for start, first in enumerate(units[:_MOST_FOR_A_SLIP]):
            letters = ""
            for end in range(start, min(len(units), start + 10)):
                letters += units[end].text
                if units[end].kind != first.kind or len(letters) > self.words.longest:
                    break
                if not known.issuperset(range(start, end + 1)):
                    guesses.append(self.words.one_slip(letters))
        best = max(
            (guess for guess in guesses if guess), key=lambda guess: guess.score, default=None
        )
        if best is None or best.score < self.ask:
            return None
        return Match(best.word.label, ASK, best.score, *_tongue_of(units, best.word))

    def _matters(self, topic: str) -> bool:
        return self.topics[topic].tier < 2

    def _order(self, hit: Hit) -> tuple[bool, bool, int, float, int]:
        topic = self.topics[hit.topic]
        vague = hit.by_sound and hit.score < _JUST_LIKE
        return (not hit.sure, vague, topic.tier, -hit.weight, topic.rank)

    def _whole_by_sound(self, units: list[Unit]) -> Match | None:
        for part in reversed(self._without_polite(units)):
            guess = self._guess(part)
            if not guess or guess.word.kind != "topic" or guess.word.label == STOP:
                continue
            matters = self._matters(guess.word.label)
            least = self.ask if matters else self.accept
            if guess.score >= least:
                sure = guess.score >= self.accept and guess.word.use != "ask"
                how = SOUND if sure else ASK
                return Match(guess.word.label, how, guess.score, *_tongue_of(part, guess.word))
        return None

    def _guess(self, units: list[Unit]) -> Guess | None:
        kinds = {unit.kind for unit in units}
        letters = "".join(unit.text for unit in units)
        if kinds == {LATIN} and len(units) <= 5:
            if all(self.words.as_written(unit.text) for unit in units):
                return None
            return guess_latin(letters, self.words, TOPICS, single=len(units) == 1)
        if kinds == {KHMER} and len(units) <= 12:
            near = self.words.near_sound(letters, KHMER, TOPICS, 3)
            return self.words.by_sound(letters, KHMER, TOPICS) or near
        return None


def _match_word(word: Word, *, alone: bool = True) -> Match:
    unsure = word.use == "ask" or (word.use == "unsure" and not alone)
    how = ASK if unsure else EXACT if word.listed else ALIAS
    return Match(word.label, how, 100 if how != ASK else 70, word.language, word.script)


def _bare(tidied: str) -> str:
    """Without spaces and punctuation. Signs that mean something (%, #, $, an emoji) stay."""
    return "".join(
        letter
        for letter in tidied
        if letter in "%#*&@" or unicodedata.category(letter)[0] not in "PZC"
    )


def _tongue_of(units: list[Unit], word: Word | None = None) -> tuple[str | None, str | None]:
    """Language and script to answer in: the word's own, else by the letters; digits tell none."""
    if any(unit.kind == KHMER for unit in units):
        return "km", KHMER
    if word is not None and word.script is not None:
        return word.language, word.script
    return (None, LATIN) if any(unit.kind == LATIN for unit in units) else (None, None)
