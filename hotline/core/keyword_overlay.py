"""Spellings added at the desk, laid over the words of the file; and why one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hotline.core.edit_distance import one_left_out
from hotline.core.keyword_reading import Unit, take_apart
from hotline.core.keyword_words import KHMER, LATIN, Word, index_words
from hotline.core.keywords import ALIAS, EXACT, STOP, Keywords
from hotline.core.romanisation import roughly
from hotline.core.sms_text import tidy

WRITE_AGAIN = "START"
"""Beside the topics of the file: a word that after STOP means "write to me again"."""

LANGUAGES = ("km", "latn", "en")
ALONE, INSIDE = "alone", "inside"
LONGEST = 40  # letters of a spelling; more is a story
_SHORTEST = {LATIN: (3, 5), KHMER: (2, 4)}  # as the whole text, inside a longer one
_SHORTEST_STOP = 4
_MOST_NEIGHBOURS = 400


@dataclass(frozen=True, slots=True)
class Addition:
    """One spelling: `language` names the list of the file it will go into."""

    topic: str
    language: str
    spelling: str
    used: str = ALONE

    @property
    def letters(self) -> str:
        return letters_of(self.spelling)

    @property
    def word(self) -> Word:
        script = KHMER if self.language == "km" else LATIN
        tongue = "en" if self.language == "en" else "km"
        kind = "leave" if self.topic in (STOP, WRITE_AGAIN) else "topic"
        return Word(self.letters, self.topic, kind, self.used, False, tongue, script)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a spelling is not added: a code, and the topic or word it collides with."""

    code: str
    other: str = ""


def letters_of(text: str) -> str:
    """The form in which words are compared: no spaces, no signs, one order of marks."""
    return "".join(unit.text for unit in take_apart(tidy(text)))


def needs_two(keywords: Keywords, topic: str) -> bool:
    """Whether a second person must agree: it pages staff at night, or ends or begins texts."""
    known = keywords.topics.get(topic)
    return topic in (STOP, WRITE_AGAIN) or (known is not None and known.tier < 2)


def with_additions(keywords: Keywords, additions: Iterable[Addition]) -> Keywords:
    """The words of the file and these. What the file says by now goes before: of a spelling it
    has itself, and of a topic that it has no more.
    """
    known = {*keywords.topics, WRITE_AGAIN}
    new = {
        one.letters: one
        for one in additions
        if one.letters and one.topic in known and not is_in_file(keywords, one.letters)
    }
    if not new:
        return keywords
    danger = {topic.name for topic in keywords.topics.values() if topic.tier < 2}
    old = (word for same in keywords.words.written.values() for word in same)
    words = index_words((*old, *(one.word for one in new.values())), danger)
    stop = {letters for letters, one in new.items() if one.topic == STOP}
    start = {letters for letters, one in new.items() if one.topic == WRITE_AGAIN}
    return replace(
        keywords,
        words=words,
        stop_words=keywords.stop_words | stop,
        start_words=keywords.start_words | start,
        of_file=keywords.of_file or keywords,
    )


def is_in_file(keywords: Keywords, letters: str) -> bool:
    """Whether the file says something of this spelling by now."""
    written = (letters in keywords.words.written) or letters in keywords.stop_words
    return written or letters in keywords.start_words


def why_not(keywords: Keywords, addition: Addition) -> Refusal | None:
    """What speaks against this spelling; None: it may be added."""
    checks = (_form, _length, _ownership, _stop_inside, _too_common, _meant_already, _disturbs)
    return next((found for check in checks if (found := check(keywords, addition))), None)


def _form(keywords: Keywords, addition: Addition) -> Refusal | None:
    units = take_apart(tidy(addition.spelling))
    kinds = {unit.kind for unit in units}
    if addition.topic not in (*keywords.topics, WRITE_AGAIN):
        return Refusal("no_such_topic")
    if not units:
        return Refusal("no_letters")
    if not kinds <= {KHMER, LATIN}:
        return Refusal("digits")
    if len(kinds) > 1:
        return Refusal("two_scripts")
    return Refusal("other_script") if (KHMER in kinds) != (addition.language == "km") else None


def _length(keywords: Keywords, addition: Addition) -> Refusal | None:
    letters = addition.letters
    least = _SHORTEST[KHMER if addition.language == "km" else LATIN][addition.used == INSIDE]
    if addition.topic in (STOP, WRITE_AGAIN):
        least = max(least, _SHORTEST_STOP)
    if len(letters) < least:
        return Refusal("too_short", str(least))
    too_long = len(letters) > LONGEST or len(addition.spelling) > 2 * LONGEST
    return Refusal("too_long", str(LONGEST)) if too_long else None


def _ownership(keywords: Keywords, addition: Addition) -> Refusal | None:
    letters = addition.letters
    if letters in keywords.stop_words:
        return Refusal("known" if addition.topic == STOP else "stop_word")
    if letters in keywords.start_words:
        return Refusal("known" if addition.topic == WRITE_AGAIN else "start_word")
    for word in keywords.words.as_written(letters):
        if word.kind != "topic":
            return Refusal("everyday")
        return Refusal("known") if word.label == addition.topic else Refusal("owned", word.label)
    return None


def _stop_inside(keywords: Keywords, addition: Addition) -> Refusal | None:
    if addition.topic == STOP:
        return None
    units = take_apart(tidy(addition.spelling))
    held = any(part in keywords.stop_words for part in _parts(units))
    return Refusal("holds_stop") if held else None


def _parts(units: list[Unit]) -> Iterator[str]:
    for start in range(len(units)):
        letters = ""
        for unit in units[start:]:
            letters += unit.text
            yield letters


def _too_common(keywords: Keywords, addition: Addition) -> Refusal | None:
    """Found inside longer texts, words of every day would turn chatter into a topic."""
    if addition.used != INSIDE and addition.topic not in (STOP, WRITE_AGAIN):
        return None
    units = take_apart(tidy(addition.spelling))
    written = keywords.words.as_written
    everyday = all(any(w.kind != "topic" for w in written(unit.text)) for unit in units)
    return Refusal("common") if everyday else None


def _meant_already(keywords: Keywords, addition: Addition) -> Refusal | None:
    """The matcher is sure of this text already, or takes it for danger."""
    match = keywords.match(addition.spelling)
    if match.topic is None:
        return None
    if match.topic == addition.topic:
        return Refusal("known") if match.how in (EXACT, ALIAS) else None
    if match.how in (EXACT, ALIAS):
        return Refusal("owned", match.topic)
    known = keywords.topics.get(match.topic)
    is_danger = known is not None and known.tier < 2
    return Refusal("near_danger", match.topic) if is_danger else None


def _disturbs(keywords: Keywords, addition: Addition) -> Refusal | None:
    """No listed word may mean something else because of it: neighbours in sound and letters."""
    newer = with_additions(keywords, (addition,))
    if not _is_understood(newer, addition):
        return Refusal("no_effect")
    for letters in _neighbours(keywords, addition.word):
        before, after = keywords.match(letters).topic, newer.match(letters).topic
        if before != after:
            return Refusal("disturbs", letters)
    return None


def _is_understood(keywords: Keywords, addition: Addition) -> bool:
    if addition.topic == STOP:
        return keywords.is_stop(addition.spelling)
    if addition.topic == WRITE_AGAIN:
        return keywords.is_start(addition.spelling)
    return keywords.match(addition.spelling).topic == addition.topic


def _neighbours(keywords: Keywords, word: Word) -> list[str]:
    words, parts = keywords.words, set(one_left_out(word.letters))
    near = [key for key in words.written if not parts.isdisjoint(one_left_out(key))]
    if word.sound:
        rough = roughly(word.sound)
        keys = {key for part in one_left_out(rough) for key in words.near_sounds.get(part, ())}
        near += [same.letters for key in keys | {rough} for same in words.sounding.get(key, ())]
    return list(dict.fromkeys(near))[:_MOST_NEIGHBOURS]
