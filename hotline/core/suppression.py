"""Rows told without a person: what few have in common is told coarser, or not at all.

A combination of what others may know of somebody (when, where, what it was about) that fewer than
`LEAST` rows share points at a person. Such rows are told step by step coarser until enough share
what is left, and those that stay few are left out. What a row is told as depends on the rows of its
own period alone, so that two exports of other months cannot be subtracted from each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

LEAST = 5
FEW = f"<{LEAST}"
HIDDEN = "-"
"""Not small itself, but it would tell what is."""

ANY = "*"
"""Told coarser: any value, also none."""


class Known(NamedTuple):
    """What others may know of a case. `period`: a month (2026-01), or a quarter (2026-Q1)."""

    period: str
    province: str
    kind: str
    chi: str
    local: str
    age: str


Step = Callable[[Known], Known]


def released(
    counts: Mapping[Known, int], steps: Sequence[Step], least: int = LEAST
) -> dict[Known, Known | None]:
    """What each combination is told as; None: its rows are left out."""
    told: dict[Known, Known | None] = {}
    left = {exact: exact for exact in counts}
    for step in (_as_it_is, *steps):
        left = {exact: step(now) for exact, now in left.items()}
        size = Counter[Known]()
        for exact, now in left.items():
            size[now] += counts[exact]
        told |= {exact: now for exact, now in left.items() if size[now] >= least}
        left = {exact: now for exact, now in left.items() if size[now] < least}
    return told | dict.fromkeys(left)


def _as_it_is(known: Known) -> Known:
    return known


def steps_for(months: Collection[str]) -> tuple[Step, ...]:
    """Place first, then time, then what it was about; a quarter only where all of it is asked for.

    With half a quarter more in one export than in another, the difference would tell what is few.
    """
    whole = {quarter_of(m) for m in months if _months_of(quarter_of(m)) <= set(months)}

    def by_quarter(known: Known) -> Known:
        quarter = quarter_of(known.period)
        return known._replace(period=quarter) if quarter in whole else known

    return (
        lambda known: known._replace(province=ANY),
        by_quarter,
        lambda known: known._replace(local=ANY),
        lambda known: known._replace(chi=known.chi.split(".")[0]),
        lambda known: known._replace(chi=ANY),
        lambda known: known._replace(age=ANY),
        lambda known: known._replace(kind=ANY),
    )


def quarter_of(month: str) -> str:
    """The quarter of "2026-05" is "2026-Q2"."""
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}"


def _months_of(quarter: str) -> set[str]:
    year, number = quarter.split("-Q")
    last = int(number) * 3
    return {f"{year}-{month:02d}" for month in range(last - 2, last + 1)}


def shown(cells: Mapping[tuple[str, ...], int], least: int = LEAST) -> dict[tuple[str, ...], str]:
    """The cells of a table in which small numbers are hidden.

    Where the hidden ones together are few, the smallest of the others is hidden as well: else the
    total less what is shown would tell them.
    """
    told = {cell: told_number(number, least) for cell, number in cells.items()}
    few = [cell for cell, words in told.items() if words == FEW]
    others = sorted((number, cell) for cell, number in cells.items() if number >= least)
    if few and others and (len(few) == 1 or sum(cells[cell] for cell in few) < least):
        told[others[0][1]] = HIDDEN
    return told


def told_number(number: int, least: int = LEAST) -> str:
    """A number of cases that may be few."""
    return FEW if 0 < number < least else str(number)
