"""flows/categories.yaml as located data -> what may be chosen; every fault goes into the book."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hotline.core.categories import (
    LONGEST_CHI,
    LONGEST_LOCAL,
    Categories,
    Category,
    Group,
)
from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Table, Text

_CODE = re.compile(r"[a-z][a-z0-9_]*")


def read_categories(data: Located, book: FaultBook) -> Categories:
    """All of them. Half-read when the book has new faults."""
    top = data if isinstance(data, Table) else Table({}, data.line)
    groups = tuple(_group(name, entry, book) for name, entry in _entries(top, "chi", book))
    local = tuple(
        _category(name, entry, LONGEST_LOCAL, book) for name, entry in _entries(top, "local", book)
    )
    read = Categories(groups, local)
    kinds = {name: _first(entry, read, book) for name, entry in _entries(top, "kinds", book)}
    book.step = ""
    return Categories(groups, local, kinds)


def _entries(top: Table, name: str, book: FaultBook) -> Iterator[tuple[str, Table]]:
    """What stands under `name`, each with the book open at it."""
    found = top.entries.get(name)
    if not isinstance(found, Table) or not found.entries:
        book.step = ""
        book.note(top.line_of(name), f"there is nothing under {name}", f"write {name}: ...")
        return
    for code, entry in found.entries.items():
        book.step = code
        yield code, entry if isinstance(entry, Table) else Table({}, entry.line)


def _group(code: str, entry: Table, book: FaultBook) -> Group:
    whole = _category(code, entry, LONGEST_CHI, book)
    parts = entry.entries.get("parts")
    written = parts.entries if isinstance(parts, Table) else {}
    return Group(
        whole,
        tuple(
            _category(
                f"{code}.{name}",
                part if isinstance(part, Table) else Table({}, part.line),
                LONGEST_CHI,
                book,
            )
            for name, part in written.items()
        ),
    )


def _category(code: str, entry: Table, longest: int, book: FaultBook) -> Category:
    if not all(_CODE.fullmatch(piece) for piece in code.split(".")) or len(code) > longest:
        right = f"write small letters, digits and _, {longest} at most with its group"
        book.note(entry.line, f"{code!r} is no code", right)
    words = {language: _word(entry, language) for language in ("km", "en")}
    for language, word in words.items():
        if not word:
            book.note(entry.line, f"{code} has no words in {language}", f"write {language}: ...")
    return Category(code, **words)


def _first(entry: Table, read: Categories, book: FaultBook) -> tuple[str | None, str | None]:
    chi, local = _word(entry, "chi"), _word(entry, "local")
    if chi and not read.is_chi(chi):
        book.unknown(entry.line_of("chi"), "the category", chi, [one.code for one in read])
    if local and not read.is_local(local):
        codes = [one.code for one in read.local]
        book.unknown(entry.line_of("local"), "our category", local, codes)
    return chi or None, local or None


def _word(table: Table, name: str) -> str:
    found = table.entries.get(name)
    return found.value if isinstance(found, Text) else ""
