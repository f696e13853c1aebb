"""A small tree of flows that is whole, to be broken one line at a time."""

from __future__ import annotations

import shutil
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"


class Tree:
    """A copy of the sample on disk; each change must really change something."""

    def __init__(self, folder: Path) -> None:
        self.root = shutil.copytree(SAMPLE, folder / "tree")

    def changes(self, file: str, old: str, new: str) -> Tree:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def adds(self, file: str, text: str) -> Tree:
        path = self.root / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")
        return self

    def line_of(self, file: str, text: str) -> int:
        lines = (self.root / file).read_text(encoding="utf-8").split("\n")
        return next(number for number, line in enumerate(lines, 1) if text in line)
