"""flows/keywords.yaml as plain data -> Keywords, or every fault in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from hotline.core.flow_fault import FaultBook, FlowFault
from hotline.core.keyword_phrases import Phrase
from hotline.core.keyword_reading import take_apart
from hotline.core.keyword_words import KHMER, LATIN, Word, index_words
from hotline.core.keywords import START, STOP, Keywords, Topic
from hotline.core.sms_text import tidy

LineOf = Callable[..., int]
_LANGUAGES = ("km", "latn", "en")
_SECTIONS = {
    "match",
    "start",
    "polite",
    "leave",
    "beside_digits",
    "meanings",
    "phrases",
    "keywords",
}
_ENTRY = {
    "topic", "flow", "step", "urgent", "quiet_flag", "digits", "km", "latn", "en", "added",
    "alone", "unsure", "ask",
}  # fmt: skip
_PHRASE = {"topic", "words", "gap", "any_order", "over", "ask", "why"}


def read_keywords(
    data: object, line_of: LineOf = lambda *path: 0, file: str = "keywords.yaml"
) -> Keywords | list[FlowFault]:
    """`data` is the whole file as dicts, lists and scalars; all scalars are taken as text.

    `line_of("keywords", 3, "km")` answers the line of a place, for the faults. Whether `flow`
    and `step` exist is for the caller to check, who knows the flows.
    """
    return _Reader(data, line_of, FaultBook(file)).read()


class _Reader:
    def __init__(self, data: object, line_of: LineOf, book: FaultBook) -> None:
        self.data = data if isinstance(data, Mapping) else {}
        self.line_of = line_of
        self.book = book
        self.topics: dict[str, Topic] = {}
        self.digits: dict[str, str] = {}
        self.words: list[Word] = []
        self.owners: dict[str, str] = {}
        self.whole: dict[str, set[str]] = {}

    def read(self) -> Keywords | list[FlowFault]:
        for name in self.data:
            if name not in _SECTIONS:
                self.book.unknown(self.line_of(name), "section", str(name), _SECTIONS)
        if not self._list("keywords"):
            self.book.note(self.line_of(), "there are no keywords", "a list named keywords")
        for place, entry in enumerate(self._list("keywords")):
            self._entry(place, entry)
        for section, kind in (("polite", "polite"), ("leave", "leave")):
            self._plain_words(self.data.get(section), kind, section, section)
        meanings = self._table(self.data.get("meanings"), "meanings")
        for name, spelled in meanings.items():
            self._plain_words(spelled, "meaning", str(name), "meanings", name)
        phrases = tuple(self._phrases({*meanings, *self.topics}))
        accept, ask = self._threshold("accept"), self._threshold("ask")
        if self.book.faults:
            return sorted(self.book.faults)
        return Keywords(
            topics=self.topics,
            words=index_words(self.words, self._danger()),
            phrases=phrases,
            digits=self.digits,
            stop_words=frozenset(self.whole.get(STOP, ())),
            start_words=self._letters_of("start")
            | {code for code, topic in self.digits.items() if topic == START},
            beside_digits=self._letters_of("beside_digits"),
            accept=accept,
            ask=ask,
        )

    def _entry(self, place: int, entry: object) -> None:
        line = self.line_of("keywords", place)
        table = self._table(entry, "keywords", place)
        for name in table:
            if name not in _ENTRY:
                self.book.unknown(self.line_of("keywords", place, name), "field", str(name), _ENTRY)
        topic = str(table.get("topic", ""))
        if not topic or topic in self.topics:
            wrong = f"topic {topic} is there twice" if topic else "an entry without a topic"
            self.book.note(line, wrong, "one entry for each topic")
            return
        for name in ("flow", "step"):
            if not table.get(name):
                self.book.note(line, f"topic {topic} has no {name}", f"{name}: where it leads")
        self.topics[topic] = Topic(
            topic,
            str(table.get("flow", "")),
            str(table.get("step", "")),
            _yes(table.get("urgent")),
            _yes(table.get("quiet_flag")),
            len(self.topics),
        )
        for digits in _texts(table.get("digits")):
            self._own(digits, topic, line)
            self.whole.setdefault(topic, set()).add(digits)
            self.digits[digits] = topic
        self._topic_words(topic, table, line)

    def _topic_words(self, topic: str, table: Mapping[str, object], line: int) -> None:
        uses = {
            _letters(text): use
            for use in ("alone", "unsure", "ask")
            for text in _texts(table.get(use))
        }
        added = self._table(table.get("added"), "keywords")
        spelled = {
            letters: Word(letters, topic, "topic", uses.get(letters, "inside"), listed, *tongue)
            for listed, lists in ((False, added), (True, table))
            for letters, tongue in self._spelled(lists)
        }
        for letters in uses.keys() - spelled.keys():
            if uses[letters] != "ask":
                self.book.note(
                    line,
                    f"{topic}: {letters!r} is a spelling of nothing",
                    "list it in km, latn or en",
                )
            tongue = ("km", KHMER if letters > "\u1780" else LATIN)
            spelled[letters] = Word(letters, topic, "topic", "ask", False, *tongue)
        for letters, word in spelled.items():
            self._own(letters, topic, line)
            self.whole.setdefault(topic, set()).add(letters)
            # STOP is nothing but its list: inside a text, or by its sound, its words say nothing.
            self.words.append(replace(word, kind="leave") if topic == STOP else word)

    def _spelled(self, lists: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, str]]]:
        for name in _LANGUAGES:
            tongue = ("en" if name == "en" else "km", KHMER if name == "km" else LATIN)
            for text in _texts(lists.get(name)):
                if letters := _letters(text):
                    yield letters, tongue

    def _own(self, letters: str, topic: str, line: int) -> None:
        owner = self.owners.setdefault(letters, topic)
        if owner != topic:
            self.book.note(line, f"{letters!r} is a word of {owner} and of {topic}", "of one only")

    def _plain_words(self, lists: object, kind: str, label: str, *path: object) -> None:
        for letters, tongue in self._spelled(self._table(lists, *path)):
            self.words.append(Word(letters, label, kind, "inside", True, *tongue))

    def _phrases(self, known: set[object]) -> Iterator[Phrase]:
        for place, phrase in enumerate(self._list("phrases")):
            line = self.line_of("phrases", place)
            table = self._table(phrase, "phrases", place)
            for name in table:
                if name not in _PHRASE:
                    self.book.unknown(line, "field", str(name), _PHRASE)
            steps = tuple(frozenset(step.split("/")) for step in _texts(table.get("words")))
            topic = str(table["topic"]) if table.get("topic") else None
            over = frozenset(_texts(table.get("over")))
            names = {name for step in steps for name in step} | over | ({topic} if topic else set())
            for name in names - known:
                self.book.unknown(line, "meaning", name, map(str, known))
            if not steps:
                self.book.note(line, "a phrase without words", "words: [child, lost]")
            yield Phrase(
                topic, steps, float(str(table.get("gap", 3))), _yes(table.get("any_order")), over,
                not _yes(table.get("ask")),
            )  # fmt: skip

    def _threshold(self, name: str) -> int:
        written = str(self._table(self.data.get("match"), "match").get(name, ""))
        if not written.isdecimal() or not 1 <= int(written) <= 100:
            self.book.note(self.line_of("match", name), f"{name} is {written!r}", "1 to 100")
            return 100
        return int(written)

    def _danger(self) -> frozenset[str]:
        return frozenset(topic.name for topic in self.topics.values() if topic.tier < 2)

    def _letters_of(self, section: str) -> frozenset[str]:
        lists = self._table(self.data.get(section), section)
        return frozenset(_letters(text) for texts in lists.values() for text in _texts(texts))

    def _list(self, name: str) -> list[object]:
        found = self.data.get(name)
        return found if isinstance(found, list) else []

    def _table(self, found: object, *path: object) -> Mapping[str, object]:
        if found is None or isinstance(found, Mapping):
            return found or {}
        self.book.note(self.line_of(*path), "not a table", "names and values")
        return {}


def _texts(found: object) -> list[str]:
    return [str(text) for text in found] if isinstance(found, list) else []


def _yes(found: object) -> bool:
    return str(found).lower() == "true"


def _letters(text: str) -> str:
    return "".join(unit.text for unit in take_apart(tidy(text)))
