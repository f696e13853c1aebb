"""The evaluation set, what counts as right, and the figures.

texts.tsv has a line a text: the text, what it may be understood as, how hard it is, which part of
the set it is of, a note. The understanding is a topic, or `-` for a text that is to be left alone;
`A|B` allows either; `A?` allows only a question back ("do you mean A?"), or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from hotline.core.flow_fault import FaultBook
from hotline.core.keyword_file import read_keywords
from hotline.core.keywords import ASK, Keywords, Match
from hotline.core.located import as_plain
from hotline.yaml_file import read_yaml

ROOT = Path(__file__).resolve().parents[2]
DANGER = frozenset({"HELP", "MISSING", "SAFE"})
ALL = "all"
SET = Path(__file__).with_name("texts.tsv")


@dataclass(frozen=True)
class Text:
    """One line of the set. `part` is "tuned" (looked at while tuning) or "held" (not)."""

    text: str
    wanted: frozenset[str]
    only_ask: bool
    difficulty: str
    part: str

    @property
    def is_danger(self) -> bool:
        return not self.only_ask and bool(self.wanted & DANGER) and "-" not in self.wanted

    @property
    def has_topic(self) -> bool:
        return not self.only_ask and "-" not in self.wanted

    @property
    def is_chatter(self) -> bool:
        return self.wanted == {"-"}

    def is_right(self, match: Match) -> bool:
        got = match.topic or "-"
        if self.only_ask:
            return got == "-" or (got in self.wanted and match.how == ASK)
        return got in self.wanted


@dataclass
class Figures:
    """Counts by difficulty, under `part` and under "all"."""

    seen: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    topics: int = 0
    topics_right: int = 0
    danger: int = 0
    danger_dropped: int = 0
    stop_accidents: int = 0
    chatter: int = 0
    chatter_taken: int = 0
    chatter_asked: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, text: Text, match: Match) -> None:
        right = text.is_right(match)
        self.seen[text.difficulty] += 1
        self.right[text.difficulty] += right
        self.topics += text.has_topic
        self.topics_right += text.has_topic and right
        self.danger += text.is_danger
        self.danger_dropped += text.is_danger and match.topic is None
        self.stop_accidents += match.topic == "STOP" and "STOP" not in text.wanted
        self.chatter += text.is_chatter
        self.chatter_taken += text.is_chatter and match.topic is not None
        self.chatter_asked += text.is_chatter and match.how == ASK


def read_texts() -> list[Text]:
    """The whole set, in the order written."""
    lines = SET.read_text(encoding="utf-8").splitlines()[1:]
    return [_text(*line.split("\t")) for line in lines]


def _text(text: str, wanted: str, difficulty: str, part: str, note: str = "") -> Text:
    names = frozenset(name.rstrip("?") for name in wanted.split("|"))
    return Text(text, names, wanted.endswith("?"), difficulty, part)


def keywords_of_the_line() -> Keywords:
    """flows/keywords.yaml as the line uses it."""
    data = read_yaml(ROOT / "flows" / "keywords.yaml", FaultBook("keywords.yaml"))
    assert data is not None
    read = read_keywords(as_plain(data))
    assert isinstance(read, Keywords), read
    return read


def measure(texts: Iterable[Text]) -> dict[str, Figures]:
    """Figures for each part of the set and for all of it."""
    keywords = keywords_of_the_line()
    figures = {ALL: Figures()}
    for text in texts:
        began = perf_counter()
        match = keywords.match(text.text)
        took = perf_counter() - began
        for name in (ALL, text.part):
            figures.setdefault(name, Figures()).add(text, match)
        figures[ALL].seconds.append(took)
    return figures


def report(figures: dict[str, Figures]) -> str:
    """A table for people."""
    lines = []
    for name, part in figures.items():
        lines.append(f"{name} ({sum(part.seen.values())} texts)")
        for difficulty, seen in part.seen.items():
            right = part.right[difficulty]
            lines.append(f"  {difficulty:<18} {right:>4} of {seen:>4}  {_share(right, seen)}")
        lines.append(f"  topic right where there is one  {_of(part.topics_right, part.topics)}")
        lines.append(f"  danger dropped                  {_of(part.danger_dropped, part.danger)}")
        lines.append(f"  STOP by accident                {part.stop_accidents}")
        left = part.chatter - part.chatter_taken
        lines.append(f"  chatter left alone              {_of(left, part.chatter)}")
        lines.append(
            f"    taken for a topic {part.chatter_taken}, {part.chatter_asked} only asked\n"
        )
    took = sorted(figures[ALL].seconds)
    lines.append(f"milliseconds a text: median {1000 * took[len(took) // 2]:.2f}")
    return "\n".join(lines) + "\n"


def misses(texts: Iterable[Text]) -> str:
    """Each text that was not understood as wanted."""
    keywords = keywords_of_the_line()
    lines = []
    for text in texts:
        match = keywords.match(text.text)
        if not text.is_right(match):
            wanted = "|".join(sorted(text.wanted))
            got = f"{match.topic or '-'} ({match.how} {match.score})"
            lines.append(f"{text.part} {text.difficulty}: {text.text}: {wanted}, got {got}")
    return "\n".join(lines) + "\n"


def _of(count: int, whole: int) -> str:
    return f"{count} of {whole}  {_share(count, whole)}"


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.1f} %" if whole else "-"
