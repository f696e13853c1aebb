"""The rows of an export: cases without a person, each told no finer than five others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.core.local_time import PHNOM_PENH
from hotline.core.suppression import Known, released, shown, steps_for
from hotline.storage.counted_case import counted_cases
from hotline.storage.database import Transaction

COLUMNS = (
    "row",
    "registration_period",
    "province",
    "case_kind",
    "protection_concerns",
    "local_concern",
    "age_group",
    "risk_level",
    "contact_channel",
    "case_status",
    "closure_reason",
    "minutes_to_claim",
    "minutes_to_first_attempt",
    "minutes_to_closure",
    "attempts",
)
"""In the words of Primero and OSCaR where they have one: docs/exports.md says which is which."""

Value = str | int
Look = Callable[[int], None]
"""Told how many cases were looked at; raises to stop."""


@dataclass(slots=True)
class Told:
    """What was found, and how much of it may be told. `as_told`: None is left out."""

    as_told: Mapping[Known, Known | None]
    total: int
    rows: int = 0
    table: Counter[tuple[str, ...]] = field(default_factory=Counter)


def months_between(first: str, last: str) -> list[str]:
    """From "2026-11" to "2027-02": four of them; none where `last` is before `first`."""
    return [_named(place) for place in range(_place(first), _place(last) + 1)]


def month_after(month: str) -> str:
    return _named(_place(month) + 1)


def month_before(month: str) -> str:
    return _named(_place(month) - 1)


def _place(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _named(place: int) -> str:
    return f"{place // 12}-{place % 12 + 1:02d}"


def begin_of(month: str) -> datetime:
    """Midnight in Phnom Penh."""
    year, number = month.split("-")
    return datetime(int(year), int(number), 1, tzinfo=PHNOM_PENH)


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(PHNOM_PENH):%Y-%m}"


def look_through(tx: Transaction, months: Sequence[str], look: Look) -> Told:
    """How many cases share what others may know of them."""
    counts = Counter[Known]()
    with closing(_cases(tx, months)) as found:
        for cases in found:
            counts.update(_known(case) for case in cases)
            look(counts.total())
    return Told(released(counts, steps_for(months)), counts.total())


def rows_of(
    tx: Transaction, months: Sequence[str], told: Told, look: Look
) -> Generator[tuple[Value, ...], None, None]:
    """Each case that may be told, as far as it may; counts them into `told`."""
    seen = 0
    with closing(_cases(tx, months)) as found:
        for cases in found:
            for case in cases:
                as_told = told.as_told[_known(case)]
                if as_told is not None:
                    told.rows += 1
                    told.table[as_told.period, as_told.kind, case.priority] += 1
                    yield _row(told.rows, as_told, case)
            seen += len(cases)
            look(seen)


def report_of(told: Told) -> list[tuple[str, ...]]:
    """Counts by period, kind and urgency, of the rows that are told; small numbers are hidden."""
    return [(*cell, words) for cell, words in sorted(shown(told.table).items())]


def _cases(tx: Transaction, months: Sequence[str]) -> Generator[Sequence[Any], None, None]:
    return counted_cases(tx, begin_of(months[0]), begin_of(month_after(months[-1])))


def _known(case: Any) -> Known:
    return Known(
        month_of(case.opened_at),
        (case.place or "")[:2],
        case.kind,
        case.chi or "",
        case.local_code or "",
        case.age_band or "",
    )


def _row(number: int, known: Known, case: Any) -> tuple[Value, ...]:
    since = case.opened_at
    return (
        number,
        known.period,
        known.province,
        known.kind,
        known.chi,
        known.local,
        known.age,
        case.priority,
        case.channel,
        case.state,
        case.outcome or "",
        _minutes(since, case.claimed_at),
        _minutes(since, case.first_attempt_at),
        _minutes(since, case.closed_at),
        case.tried,
    )


def _minutes(since: datetime, then: datetime | None) -> Value:
    """Whole minutes; they stay true of a forgotten case, all of whose times were moved alike."""
    if then is None:
        return ""
    return max(0, int((then - since).total_seconds()) // 60)
