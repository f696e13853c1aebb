"""flows/retention.yaml as located data -> the schedule; every fault goes into the book."""

from __future__ import annotations

import re
from datetime import timedelta

from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.retention import ALLOWED, AUTHORITY, CARRIER_COPIES, Guard, Rule, Schedule

_SPAN = re.compile(r"(\d{1,5})([hd])")
_HOUR, _LONGEST = timedelta(hours=1), timedelta(days=3660)
_SHORTEST = timedelta(days=1)
"""What is ours is kept for a day at least: a slip of the pen must not empty the house."""


def read_schedule(data: Located, book: FaultBook) -> Schedule:
    """The whole schedule. Half-read when the book has new faults."""
    top = data if isinstance(data, Table) else Table({}, data.line)
    rules = _rules(top, book)
    parts = _table(top, "cases")
    no_case, advice = _words(parts, "no_case", book), _words(parts, "advice", book)
    if no_case & advice:
        word = min(no_case & advice)
        book.note(parts.line, f"{word} is both no_case and advice", "leave it under one of them")
    guard = _guard(_table(top, "guard"), top.line_of("guard"), book)
    return Schedule(rules, no_case, advice, _words(parts, AUTHORITY, book), guard)


def _rules(top: Table, book: FaultBook) -> dict[str, Rule]:
    written = _table(top, "rules")
    for name in written.entries.keys() - ALLOWED.keys():
        book.unknown(written.line_of(name), "the rule", name, ALLOWED)
    rules = {}
    for name in ALLOWED:
        entry = written.entries.get(name)
        if not isinstance(entry, Table):
            then, asks = ALLOWED[name]
            right = f"write {name}: {{keep: 30d, then: {then}, asks: {asks[0]}}}"
            book.note(top.line_of("rules"), f"there is no rule {name}", right)
        else:
            rules[name] = _rule(name, entry, book)
    return rules


def _rule(name: str, entry: Table, book: FaultBook) -> Rule:
    book.step = name
    then, whom = ALLOWED[name]
    keep = _span(entry, "keep", book)
    if _word(entry, "then") != then:
        book.unknown(entry.line_of("then"), "then:", _word(entry, "then"), [then])
    asks = _word(entry, "asks")
    if asks not in whom:
        book.unknown(entry.line_of("asks"), "asks:", asks, whom)
    if keep < _SHORTEST and name != CARRIER_COPIES:
        book.note(entry.line_of("keep"), "this is kept for less than a day", "write keep: 1d")
    book.step = ""
    return Rule(name, keep, then, asks)


def _guard(entry: Table, line: int, book: FaultBook) -> Guard:
    book.step = "guard"
    share, least = _number(entry, "share", 100, book), _number(entry, "least", 10_000, book)
    guard = Guard(_span(entry, "stands", book), share, least, _span(entry, "jump", book))
    if guard.jump < timedelta(hours=25):
        right = "write jump: 48h: a report is made once a day"
        book.note(entry.line_of("jump") or line, "every day looks like a jump of the clock", right)
    book.step = ""
    return guard


def _span(table: Table, name: str, book: FaultBook) -> timedelta:
    match = _SPAN.fullmatch(_word(table, name))
    span = int(match[1]) * (_HOUR if match[2] == "h" else timedelta(days=1)) if match else None
    if span is None or not _HOUR <= span <= _LONGEST:
        wrong = f"{name} is {_word(table, name)!r}"
        book.note(table.line_of(name), wrong, f"write {name}: 30d (1h to 3660d)")
        return _LONGEST
    return span


def _number(table: Table, name: str, most: int, book: FaultBook) -> int:
    word = _word(table, name)
    if not (word.isascii() and word.isdecimal() and 1 <= int(word) <= most):
        book.note(table.line_of(name), f"{name} is {word!r}", f"write a number from 1 to {most}")
        return 1
    return int(word)


def _words(table: Table, name: str, book: FaultBook) -> frozenset[str]:
    rows = table.entries.get(name)
    items = rows.items if isinstance(rows, Rows) else ()
    found = [row.value for row in items if isinstance(row, Text)]
    if not found:
        book.note(table.line_of(name), f"cases: {name} is empty", f"write {name}: [word, word]")
    return frozenset(found)


def _table(top: Table, name: str) -> Table:
    found = top.entries.get(name)
    return found if isinstance(found, Table) else Table({}, top.line)


def _word(table: Table, name: str) -> str:
    found = table.entries.get(name)
    return found.value if isinstance(found, Text) else ""
