"""Which days are holidays in Cambodia: a maintained library, and the supervisor's word over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from hotline.core.rotation import Holidays
from hotline.storage.database import Transaction
from hotline.storage.holiday import days_set

_LIBRARY_WORD = {"km": "km", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class NamedDay:
    """`is_ours`: a supervisor said so. Where not `is_off`, the day is worked."""

    day: date
    name: str
    is_off: bool
    is_ours: bool


def holidays_between(tx: Transaction, first: date, last: date) -> Holidays:
    """For generating shifts: every holiday from `first` to `last`."""
    named = named_days(tx, first, last)
    return Holidays(
        off=frozenset(found.day for found in named if found.is_off),
        working=frozenset(found.day for found in named if not found.is_off),
    )


def named_days(tx: Transaction, first: date, last: date, language: str = "en") -> list[NamedDay]:
    """Holidays and days worked in spite of one, in order, with their names."""
    named = {
        day: NamedDay(day, name, True, False)
        for year in range(first.year, last.year + 1)
        for day, name in _of_the_library(year, language).items()
    }
    named |= {row.day: NamedDay(row.day, row.name, row.is_off, True) for row in days_set(tx)}
    return [found for day, found in sorted(named.items()) if first <= day <= last]


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


@cache
def _of_the_library(year: int, language: str) -> Mapping[date, str]:
    # Knows every country of the world: a second to load, and only the rota ever asks.
    from holidays import country_holidays

    return dict(
        country_holidays("KH", years=year, language=_LIBRARY_WORD.get(language, "en_US")).items()
    )
