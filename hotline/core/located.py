"""A written file as plain values that know their line, so that a fault can name its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One written value, as it stands in the file: `no` is "no", `012` is "012", nothing is ""."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A list."""

    items: tuple[Located, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Names and what stands under them, in the order they were written."""

    entries: Mapping[str, Located]
    line: int

    def line_of(self, name: str) -> int:
        found = self.entries.get(name)
        return found.line if found is not None else self.line


Located = Text | Rows | Table


def as_plain(data: Located) -> object:
    """The same as plain str, list and dict, the lines left out."""
    if isinstance(data, Text):
        return data.value
    if isinstance(data, Rows):
        return [as_plain(item) for item in data.items]
    return {name: as_plain(item) for name, item in data.entries.items()}
