"""Some days of the rota, as people read them: day by day, piece by piece, with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.core.rota import Double, Shift, Span, Watch, doubles, gaps, watches
from hotline.core.rotation import ZONE
from hotline.days_off import NamedDay, days_from, named_days
from hotline.storage.database import Transaction
from hotline.storage.shift import list_shifts
from hotline.storage.staff_member import list_staff


@dataclass(frozen=True, slots=True)
class RotaDay:
    """One day by the clocks of the zone; `special` where it is a holiday or worked in spite."""

    day: date
    special: NamedDay | None
    pieces: tuple[Watch, ...]


@dataclass(frozen=True, slots=True)
class RotaWeek:
    """`names` by staff id. What is past counts as neither gap nor double."""

    days: tuple[RotaDay, ...]
    gaps: tuple[Span, ...]
    doubles: tuple[Double, ...]
    shifts: tuple[Shift, ...]
    names: Mapping[int, str]


def rota_week(
    tx: Transaction, now: datetime, first: date, count: int, language: str = "en", zone: str = ZONE
) -> RotaWeek:
    """`count` days from `first` on."""
    here = ZoneInfo(zone)
    midnights = [_midnight(first + timedelta(days=number), here) for number in range(count + 1)]
    shifts = list_shifts(tx, midnights[0], midnights[-1])
    special = {found.day: found for found in named_days(tx, first, _last(first, count), language)}
    days = [
        RotaDay(day, special.get(day), watches(shifts, begins, ends))
        for day, begins, ends in zip(
            days_from(first, count), midnights, midnights[1:], strict=False
        )
    ]
    since = min(max(now, midnights[0]), midnights[-1])
    return RotaWeek(
        days=tuple(days),
        gaps=gaps(shifts, since, midnights[-1]),
        doubles=tuple(double for double in doubles(shifts) if double.ends_at > since),
        shifts=tuple(shifts),
        names={member.id: member.name for member in list_staff(tx)},
    )


def _midnight(day: date, here: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), here)


def _last(first: date, count: int) -> date:
    return first + timedelta(days=count - 1)
