"""Reads golden conversations from YAML; used by the engine's runner and by the runner over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotline.core.flow_fault import FaultBook
from hotline.core.located import Rows, Table, Text, as_plain
from hotline.yaml_file import read_yaml

ACTS = ("presses", "says", "texts", "silent", "hangs_up")
TURN_NAMES = {*ACTS, "hears", "marks", "rings_again"}
HERE = Path(__file__).parent


class StoryFault(Exception):
    """A story that cannot be read: where, and what would be right."""


@dataclass(frozen=True)
class StoryTurn:
    """What is heard, and what the caller then does: `act` is one of ACTS, or "" at the end."""

    line: int
    hears: tuple[str, ...] | None
    act: str
    value: str
    marks: tuple[str, ...]
    rings_again: bool = False


@dataclass(frozen=True)
class Story:
    name: str
    file: str
    line: int
    channel: str
    around: Mapping[str, str]
    turns: tuple[StoryTurn, ...] = field(default=())

    def __str__(self) -> str:
        return self.name

    @property
    def from_number(self) -> str:
        return self.around.get("from", "+85512345678").replace(" ", "")


def load_stories(path: Path = HERE) -> list[Story]:
    """Every story of a file, or of every YAML file in a folder."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return [story for file in files for story in _read_file(file)]


def _read_file(path: Path) -> Iterator[Story]:
    book = FaultBook(path.name)
    data = read_yaml(path, book)
    if book.faults or not isinstance(data, Table):
        raise StoryFault("\n".join(map(str, book.faults)) or f"{path.name}: not a story")
    several = data.entries.get("stories")
    for item in several.items if isinstance(several, Rows) else (data,):
        yield _read_story(path.name, item)


def _read_story(file: str, data: object) -> Story:
    assert isinstance(data, Table), (
        f"{file}: a story is a table with story:, call: or text:, turns:"
    )
    entries = data.entries
    channel = "sms" if "text" in entries else "voice"
    around = as_plain(entries[("text" if channel == "sms" else "call")])
    turns = entries.get("turns")
    if not isinstance(turns, Rows) or not set(entries) <= {"story", "call", "text", "turns"}:
        raise StoryFault(f"{file}:{data.line}: write story:, call: or text:, and turns: (a list)")
    return Story(
        name=str(as_plain(entries["story"])),
        file=file,
        line=data.line,
        channel=channel,
        around=around if isinstance(around, dict) else {},
        turns=tuple(_read_turn(file, item) for item in turns.items),
    )


def _read_turn(file: str, data: object) -> StoryTurn:
    assert isinstance(data, Table), f"{file}: a turn is a table with hears: and presses: or another"
    acts = [act for act in ACTS if act in data.entries]
    unknown = set(data.entries) - TURN_NAMES
    if len(acts) > 1 or unknown:
        what = f"unknown words {sorted(unknown)}" if unknown else f"{' and '.join(acts)} at once"
        raise StoryFault(f"{file}:{data.line}: {what}; write one of {', '.join(ACTS)}")
    act = acts[0] if acts else ""
    return StoryTurn(
        line=data.line,
        hears=_texts(data, "hears") if "hears" in data.entries else None,
        act=act,
        value=str(as_plain(data.entries[act])) if act else "",
        marks=_texts(data, "marks"),
        rings_again="rings_again" in data.entries,
    )


def _texts(data: Table, name: str) -> tuple[str, ...]:
    found = data.entries.get(name)
    if isinstance(found, Rows):
        return tuple(str(as_plain(item)) for item in found.items)
    return (found.value,) if isinstance(found, Text) and found.value else ()
