"""YAML as plain values with their lines: no guessed types, no key twice."""

from __future__ import annotations

from pathlib import Path

import yaml

from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text

_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "~", "null"})


def read_yaml(path: Path, book: FaultBook) -> Located | None:
    """One YAML document; None, and a fault in the book, when it cannot be read.

    Every value stays as written (`no`, `012`, `true` are texts); null becomes "".
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        book.note(line, f"this is not YAML: {error.problem}", "mend the line or the one above it")
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        book.note(1, f"the file cannot be read: {type(error).__name__}", "write it as UTF-8 YAML")
        return None
    if node is None:
        book.note(1, "the file is empty", "write something into it, or delete it")
        return None
    return _located(node, book)


def _located(node: yaml.Node, book: FaultBook) -> Located:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        is_nothing = node.style is None and node.value in _NOTHING
        return Text("" if is_nothing else node.value, line)
    if isinstance(node, yaml.SequenceNode):
        return Rows(tuple(_located(item, book) for item in node.value), line)
    entries: dict[str, Located] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name in entries:
            wrong = f"{name!r} is written twice"
            book.note(key.start_mark.line + 1, wrong, "keep one of the two, or rename one")
        elif not name:
            book.note(key.start_mark.line + 1, "a name is not a plain word", "write name: value")
        entries[name] = _at(key, _located(value, book))
    return Table(entries, line)


def _at(key: yaml.Node, data: Located) -> Located:
    """A table or list is found where its name stands."""
    line = key.start_mark.line + 1
    if isinstance(data, Table):
        return Table(data.entries, line)
    return Rows(data.items, line) if isinstance(data, Rows) else data
