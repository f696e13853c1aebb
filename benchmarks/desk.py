"""The desk with years of cases in its database, beside the same desk with few: each page's time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.desk_stage import Desk, desk_with, reopen, two_databases
from benchmarks.figure import Figure
from benchmarks.rounds import QUICK, Effort, in_turn, median, spread

FEW, MANY, A_LOOK = 100, 100_000, 500
OPEN_OF_FEW, OPEN_OF_MANY, OPEN_AT_WORST = 20, 60, 5_000
MOST_TIMES, MOST_STATEMENTS, MOST_KILOBYTES = 3, 15, 50
PAGES = {
    "Now": "/desk/",
    "Case": "/desk/cases/{ref}",
    "Cases": "/desk/cases",
    "Cases, a kind": "/desk/cases?kind=debt",
    "Cases, a district, nobody has": "/desk/cases?province=01&district=0110&state=open",
    "Cases, a province": "/desk/cases?province=01",
    "Cases, a reason, closed": "/desk/cases?chi=violence&state=closed",
    "Cases, a month, helped": "/desk/cases?since=2025-01-01&until=2025-01-31&outcome=helped",
    "Cases, page 1,000 or so": "/desk/cases?after=1700000000000000-50000",
}


def measure(effort: Effort) -> list[Figure]:
    """With 100,000 cases; with few where it is only a look."""
    many = A_LOOK if effort == QUICK else MANY
    figures = _on("SQLite", effort.times, many, None, None)
    with two_databases() as (small, large):
        return figures + _on("PostgreSQL", effort.times, many, small, large)


def _on(engine: str, times: int, many: int, small: str | None, large: str | None) -> list[Figure]:
    with desk_with(FEW, OPEN_OF_FEW, small) as few, desk_with(many, OPEN_OF_MANY, large) as years:
        figures = [
            _compare(f"{engine}: {name}, {many:,} cases", times, few, years, address)
            for name, address in PAGES.items()
        ]
        figures += _counted(engine, years)
        worst = min(OPEN_AT_WORST, many // 2)
        reopen(years, worst)
        told = f"{engine}: Now, {worst:,} of {many:,} cases not closed"
        return [*figures, _compare(told, times, few, years, PAGES["Now"])]


def _compare(what: str, times: int, few: Desk, many: Desk, address: str) -> Figure:
    for desk in (few, many):
        desk.open(address)
    theirs, ours = in_turn(times, lambda: _took(few, address), lambda: _took(many, address))
    ms, base = median(ours), median(theirs)
    behind = f"{ms:.1f} ({spread(ours, 1)}) against {base:.1f} ms with {FEW} cases"
    return Figure("desk", what, ms / base, "x", behind, MOST_TIMES)


def _took(desk: Desk, address: str) -> float:
    began = time.perf_counter()
    desk.open(address)
    return (time.perf_counter() - began) * 1000


def _counted(engine: str, desk: Desk) -> list[Figure]:
    statements: dict[str, int] = {}
    pages: dict[str, float] = {}
    files: dict[str, float] = {}
    for name, address in PAGES.items():
        with _listening() as seen:
            desk.open(address)
        statements[name] = len(seen)
        pages[name], files[name] = (part / 1000 for part in desk.weigh(address))
    most = max(statements, key=statements.__getitem__)
    told = ", ".join(f"{name} {statements[name]}" for name in ("Now", "Case", "Cases"))
    heaviest = max(PAGES, key=lambda name: pages[name] + files[name])
    sent = f"{heaviest}: {pages[heaviest]:.1f} of HTML, {files[heaviest]:.1f} of files, zipped"
    whole = pages[heaviest] + files[heaviest]
    what = f"{engine}: SQL statements of a page, the most"
    weight = f"{engine}: the heaviest page with its files, without the font"
    return [
        Figure("desk", what, statements[most], "", f"{most}; {told}", MOST_STATEMENTS),
        Figure("desk", weight, whole, "kB", sent, MOST_KILOBYTES),
    ]


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What the database is asked, but for where a transaction begins and ends."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, words: str, *_: Any) -> None:
        seen.append(words)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
