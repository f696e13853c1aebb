"""A prompt: one saying, with its text and its sound in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text

LANGUAGES = ("km", "en")
SCRIPTS = ("khmer", "latin")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Sound:
    """One take of a prompt: a file under audio/, known by the start of its content's hash."""

    file: str
    hash: str
    seconds: float
    quality: str  # "scratch" until a person has read it out

    @property
    def ext(self) -> str:
        return self.file.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Prompt:
    """`texts` by language, and Khmer in Latin letters under "km_latn"; `sounds` by language."""

    name: str
    line: int
    channels: frozenset[str]
    texts: Mapping[str, str]
    sounds: Mapping[str, Sound]
    group: str = ""
    audience: str = ""
    note: str = ""
    max_seconds: int | None = None
    min_age: int | None = None
    segments: int = 1  # the SMS segments it may fill
    keys: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    status: Mapping[str, str] = field(default_factory=dict)

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(
            name for text in self.texts.values() for name in _PLACEHOLDER.findall(text)
        )

    def text(self, language: str, script: str | None = None) -> str:
        """The words in a language and script; Khmer letters when there is no Latin spelling."""
        if language == "km" and script == "latin" and "km_latn" in self.texts:
            return self.texts["km_latn"]
        return self.texts.get(language) or self.texts.get("km") or self.texts.get("en", "")


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number that prompts may name, and where it was found."""

    name: str
    digits: str
    who: str
    is_verified: bool
    line: int


def read_prompts(data: Located, book: FaultBook) -> dict[str, Prompt]:
    """The `prompts:` of audio/prompts.yaml; faults go into the book."""
    prompts: dict[str, Prompt] = {}
    section = data.entries.get("prompts") if isinstance(data, Table) else None
    if not isinstance(section, Table):
        book.note(data.line, "there are no prompts", "write them under `prompts:`, one a name")
        return prompts
    for name, entry in section.entries.items():
        book.step = name
        if isinstance(entry, Table):
            prompts[name] = _read_prompt(name, entry, book)
        else:
            book.note(entry.line, "a prompt is not a table", "give it channel, km and en")
    book.step = ""
    return prompts


def _read_prompt(name: str, entry: Table, book: FaultBook) -> Prompt:
    channels = _texts(entry, "channel")
    if not channels or not set(channels) <= {"voice", "sms"}:
        book.note(entry.line, "channel is missing or unknown", "write channel: [voice] or [sms]")
    return Prompt(
        name=name,
        line=entry.line,
        channels=frozenset(channels),
        texts={
            language: text
            for language in ("km", "en", "km_latn")
            if (text := _text(entry, language))
        },
        sounds=_read_sounds(entry.entries.get("takes"), book),
        group=_text(entry, "group"),
        audience=_text(entry, "audience"),
        note=_text(entry, "note"),
        max_seconds=_whole(entry, "max_seconds", book),
        min_age=_whole(entry, "min_age", book),
        segments=_whole(entry, "segments", book) or 1,
        keys=_pairs(entry, "keys"),
        facts=_texts(entry, "facts"),
        status=_pairs(entry, "status"),
    )


def _read_sounds(data: Located | None, book: FaultBook) -> dict[str, Sound]:
    sounds: dict[str, Sound] = {}
    if not isinstance(data, Table):
        return sounds
    for language, take in data.entries.items():
        if not isinstance(take, Table):
            continue
        try:
            seconds = float(_text(take, "seconds"))
        except ValueError:
            book.note(take.line, "a take has no seconds", "measure it: seconds: 9.3")
            continue
        quality = _text(take, "quality") or "scratch"
        sounds[language] = Sound(_text(take, "file"), _text(take, "hash"), seconds, quality)
    return sounds


def read_numbers(data: Located) -> dict[str, Number]:
    """The `numbers:` of audio/prompts.yaml, a list with ids or a table by id."""
    section = data.entries.get("numbers") if isinstance(data, Table) else None
    entries: list[tuple[str, Table]] = []
    if isinstance(section, Rows):
        entries = [(_text(item, "id"), item) for item in section.items if isinstance(item, Table)]
    elif isinstance(section, Table):
        entries = [(k, item) for k, item in section.entries.items() if isinstance(item, Table)]
    return {
        name: Number(
            name,
            _text(entry, "number"),
            _text(entry, "who"),
            _text(entry, "verified") == "true",
            entry.line,
        )
        for name, entry in entries
    }


def _text(table: Table, name: str) -> str:
    found = table.entries.get(name)
    return found.value if isinstance(found, Text) else ""


def _texts(table: Table, name: str) -> tuple[str, ...]:
    found = table.entries.get(name)
    if isinstance(found, Rows):
        return tuple(item.value for item in found.items if isinstance(item, Text))
    return (found.value,) if isinstance(found, Text) and found.value else ()


def _pairs(table: Table, name: str) -> dict[str, str]:
    found = table.entries.get(name)
    if not isinstance(found, Table):
        return {}
    return {key: item.value for key, item in found.entries.items() if isinstance(item, Text)}


def _whole(table: Table, name: str, book: FaultBook) -> int | None:
    text = _text(table, name)
    if not text:
        return None
    if not text.isdecimal():
        book.note(table.line_of(name), f"{name} is {text!r}", "write a whole number")
        return None
    return int(text)
