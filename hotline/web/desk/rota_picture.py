"""A week of the rota as a picture: blocks on a grid of half hours, which the style sheet draws.

The picture repeats what the list beneath it says in words, so nobody has to see it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.core.local_time import PHNOM_PENH
from hotline.core.rota import Shift, Span
from hotline.rota_week import RotaDay, RotaWeek

HALF_HOURS = 48
TONES = 8
_HALF_HOUR = timedelta(minutes=30)
_COENG = "\u17d2"  # joins the next consonant to the one before it


@dataclass(frozen=True, slots=True)
class Block:
    """From the half hour `at` (0 to 47), so many half hours long. `who` None: nobody."""

    at: int
    length: int
    who: int | None = None
    place: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What one person has in the week: blocks for each day."""

    name: str
    short: str
    tone: int
    days: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`days`: who is paged first, day by day. `rows`: the same week, person by person."""

    days: tuple[tuple[Block, ...], ...]
    rows: tuple[Row, ...]
    gaps: tuple[tuple[Block, ...], ...]
    tones: Mapping[int, int]
    shorts: Mapping[int, str]


def picture_of(week: RotaWeek) -> Picture:
    people = _in_order(week)
    tones = {who: place % TONES for place, who in enumerate(people)}
    days = [one.day for one in week.days]
    names = {who: week.names.get(who, "?") for who in people}
    return Picture(
        days=tuple(_blocks_of_day(one) for one in week.days),
        rows=tuple(
            Row(names[who], short_name(names[who]), tones[who], _blocks_of(week.shifts, who, days))
            for who in people
        ),
        gaps=tuple(_blocks_of_gaps(week.gaps, day) for day in days),
        tones=tones,
        shorts={who: short_name(name) for who, name in names.items()},
    )


def short_name(name: str, letters: int = 2) -> str:
    """The first letters, whole: a Khmer letter is a consonant with all that belongs to it."""
    taken, count = "", 0
    for sign in name:
        belongs = unicodedata.category(sign).startswith("M") or taken.endswith(_COENG)
        if not belongs:
            if count == letters:
                break
            count += 1
        taken += sign
    return taken


def _in_order(week: RotaWeek) -> list[int]:
    """Who has a shift in this week, by place and then by when they begin."""
    shifts = sorted(week.shifts, key=lambda shift: (shift.place, shift.starts_at))
    return list(dict.fromkeys(shift.staff_id for shift in shifts))


def _blocks_of_day(one: RotaDay) -> tuple[Block, ...]:
    found = []
    for piece in one.pieces:
        who = piece.people[0] if piece.people else None
        found.append(_block(piece.starts_at, piece.ends_at, one.day, who))
    return tuple(block for block in found if block is not None)


def _blocks_of(
    shifts: tuple[Shift, ...], who: int, days: list[date]
) -> tuple[tuple[Block, ...], ...]:
    mine = [shift for shift in shifts if shift.staff_id == who]
    return tuple(
        tuple(
            block
            for shift in mine
            if (block := _block(shift.starts_at, shift.ends_at, day, who, shift.place)) is not None
        )
        for day in days
    )


def _blocks_of_gaps(gaps: tuple[Span, ...], day: date) -> tuple[Block, ...]:
    found = (_block(gap.starts_at, gap.ends_at, day, None) for gap in gaps)
    return tuple(block for block in found if block is not None)


def _block(
    starts_at: datetime, ends_at: datetime, day: date, who: int | None, place: int = 1
) -> Block | None:
    """The part of a span that lies in this day, to the half hour; a short one is still seen."""
    midnight = datetime.combine(day, time(), PHNOM_PENH)
    begins, ends = max(starts_at, midnight), min(ends_at, midnight + timedelta(days=1))
    if begins >= ends:
        return None
    at = min(int((begins - midnight) / _HALF_HOUR), HALF_HOURS - 1)
    until = -int((midnight - ends) // _HALF_HOUR) if who is None else _round(ends - midnight)
    return Block(at, max(until - at, 1), who, place)


def _round(span: timedelta) -> int:
    return round(span / _HALF_HOUR)
