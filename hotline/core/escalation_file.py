"""flows/escalation.yaml as located data -> the ladders; every fault goes into the book."""

from __future__ import annotations

import re
from dataclasses import replace

from hotline.core.escalation import BY, SMS, USUAL, WHOM, Clock, Policies, Policy, Rung
from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text

PRIORITIES = ("P0", "P1", "P2", "P3")
_CLOCK = ("claim", "attempt", "lapse", "follow_up")
_SPAN = re.compile(r"(\d+)\s*([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def read_policies(data: Located, book: FaultBook) -> Policies:
    """All ladders and which priority takes which. Half-read when the book has new faults."""
    top = data if isinstance(data, Table) else Table({}, data.line)
    written = top.entries.get("policies")
    ladders: dict[str, Policy] = {}
    if isinstance(written, Table) and written.entries:
        for name, entry in written.entries.items():
            book.step = name
            ladders[name] = _read_policy(name, entry, book)
        book.step = ""
    else:
        book.note(data.line, "there is no ladder", "write policies: {default: {steps: [...]}}")
    clocks = _read_clocks(top, book)
    taken = _read_priorities(top, ladders, book)
    return Policies(
        {priority: replace(ladder, clock=clocks[priority]) for priority, ladder in taken.items()}
    )


def _read_policy(name: str, entry: Located, book: FaultBook) -> Policy:
    table = entry if isinstance(entry, Table) else Table({}, entry.line)
    steps = table.entries.get("steps")
    rows = steps.items if isinstance(steps, Rows) else ()
    rungs = tuple(_read_rung(row, book) for row in rows)
    if not rungs:
        book.note(entry.line, "the ladder has no steps", "write steps: [{after: 0, page: first}]")
        rungs = (Rung(0, WHOM[0]),)
    if rungs[0].after != 0:
        book.note(entry.line, "the first page comes late", "begin with {after: 0, page: first}")
    if any(one.after >= other.after for one, other in zip(rungs, rungs[1:], strict=False)):
        book.note(entry.line, "the steps are not in order of time", "let each come after the last")
    every = _span(table.entries.get("repeat_every"), "repeat_every", entry.line, book)
    if every < 60:
        book.note(table.line_of("repeat_every"), "repeats too fast", "write repeat_every: 10m")
    most = len({rung.page for rung in rungs})
    needed = _count(table, "acknowledge", most, book)
    return Policy(name, rungs, max(every, 60), needed, _word(table, "calm") == "yes")


def _count(table: Table, name: str, most: int, book: FaultBook) -> int:
    """How many people must answer: no more than the ladder has places, or it never ends."""
    word = _word(table, name) or "1"
    count = int(word) if word.isascii() and word.isdecimal() else 0
    if not 1 <= count <= most:
        line = table.line_of(name)
        book.note(
            line, f"{name} is {word!r}", f"write a number from 1 to {most}: the ladder's places"
        )
    return max(count, 1)


def _read_clocks(top: Table, book: FaultBook) -> dict[str, Clock]:
    written = top.entries.get("clocks")
    table = written if isinstance(written, Table) else Table({}, top.line)
    return {priority: _read_clock(priority, table, book) for priority in PRIORITIES}


def _read_clock(priority: str, table: Table, book: FaultBook) -> Clock:
    entry = table.entries.get(priority)
    if not isinstance(entry, Table):
        right = f"write {priority}: {{claim: 15m, attempt: 30m, lapse: 10m, follow_up: 24h}}"
        book.note(table.line_of(priority), f"{priority} has no clock", f"under clocks, {right}")
        return USUAL
    spans = {name: _span(entry.entries.get(name), name, entry.line, book) for name in _CLOCK}
    clock = Clock(**spans)
    if clock.attempt < clock.claim:
        right = "let attempt be as late as claim, or later"
        book.note(entry.line, f"{priority} must be called before it is claimed", right)
    if min(spans.values()) < 60:
        book.note(entry.line, f"a clock of {priority} is under a minute", "write 1m or more")
        return USUAL
    return clock


def _read_rung(row: Located, book: FaultBook) -> Rung:
    table = row if isinstance(row, Table) else Table({}, row.line)
    page, by = _word(table, "page"), _word(table, "by") or SMS
    if page not in WHOM:
        book.unknown(table.line_of("page"), "page", page, WHOM)
    if by not in BY:
        book.unknown(table.line_of("by"), "by", by, BY)
    return Rung(_span(table.entries.get("after"), "after", row.line, book), page, by)


def _read_priorities(top: Table, ladders: dict[str, Policy], book: FaultBook) -> dict[str, Policy]:
    written = top.entries.get("priorities")
    table = written if isinstance(written, Table) else Table({}, top.line)
    taken: dict[str, Policy] = {}
    for priority in PRIORITIES:
        name = _word(table, priority)
        if name in ladders:
            taken[priority] = ladders[name]
        else:
            line = table.line_of(priority)
            book.unknown(line, f"the ladder of {priority}", name, ladders)
    return taken


def _span(found: Located | None, name: str, line: int, book: FaultBook) -> int:
    """Seconds out of `0`, `90`, `5m` or `1h`."""
    text = found.value if isinstance(found, Text) else ""
    match = _SPAN.fullmatch(text)
    if match is None:
        where = found.line if found is not None else line
        book.note(where, f"{name} is {text!r}", f"write {name}: 5m (seconds, minutes, hours)")
        return 0
    return int(match[1]) * _SECONDS[match[2]]


def _word(table: Table, name: str) -> str:
    found = table.entries.get(name)
    return found.value if isinstance(found, Text) else ""
