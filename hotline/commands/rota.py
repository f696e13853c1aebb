"""Commands about the rota: rotations, what the coming days look like, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import click

from hotline import rota
from hotline.commands.opening import open_hotline
from hotline.commands.rota_words import CLOCK, DAY, FAULTS, OPERATOR, find_who_is_paged, written
from hotline.core.local_time import day_at
from hotline.core.rota import Double
from hotline.core.rotation import ALL_DAYS, DAILY, DAYS, EVERY, WEEKLY, ZONE, Rotation
from hotline.rota import RotaFault
from hotline.rota_week import RotaWeek, rota_week
from hotline.storage.database import Transaction
from hotline.storage.rotation import list_rotations
from hotline.storage.shift_swap import asked_swaps

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EIGHT = time(8)


@click.command("add-rotation")
@click.argument("names", nargs=-1)
@click.option("--every", type=click.Choice(EVERY), default=DAILY, show_default=True)
@click.option("--from", "from_time", type=CLOCK, default=_EIGHT, help="A watch begins: 08:00.")
@click.option("--until", "until_time", type=CLOCK, default=None, help="It ends; like --from.")
@click.option("--weekday", type=click.Choice(_WEEKDAYS), default="monday", help="A week begins.")
@click.option("--days", type=click.Choice(DAYS), default=ALL_DAYS, help="off: weekend, holiday.")
@click.option("--place", type=click.IntRange(1, 9), default=1, show_default=True)
@click.option("--zone", default=ZONE, show_default=True, help="Whose clocks.")
@click.option("--starts", type=DAY, default=None, help="The first day; today.")
def add_rotation(
    names: tuple[str, ...],
    until_time: time | None,
    weekday: str,
    zone: str,
    starts: date | None,
    **how: Any,
) -> None:
    """People taking turns, in this order. Shifts for six weeks are made at once."""
    _must_be_known(zone)
    hotline = open_hotline()
    with hotline.transaction() as tx:
        people = tuple(member.id for member in find_who_is_paged(tx, names))
        if len(set(people)) < len(people):
            raise click.ClickException("somebody is named twice; name each once, in order")
        new = Rotation(
            people,
            starts_on=starts or day_at(hotline.now(), ZoneInfo(zone)),
            until_time=until_time or how["from_time"],
            weekday=_WEEKDAYS.index(weekday),
            zone=zone,
            **how,
        )
        number = rota.add_rotation(hotline, tx, new, OPERATOR)
        if isinstance(number, RotaFault):
            raise click.ClickException(FAULTS[number])
        now = hotline.now()
        found = list(_what_is_wrong(rota_week(tx, now, day_at(now), 42), 3))
    click.echo("\n".join([f"rotation {number} was added, and six weeks of its shifts", *found]))


@click.command("end-rotation")
@click.argument("number", type=int)
def end_rotation(number: int) -> None:
    """No further turns. A shift that has begun, and what people decided, stays."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        if not rota.end_rotation(hotline, tx, number, OPERATOR):
            raise click.ClickException(f"no rotation {number} goes on; see `flask list-rota`")
    click.echo(f"rotation {number} has ended")


@click.command("make-shifts")
def make_shifts() -> None:
    """Make the shifts of the coming six weeks now; a worker does it twice a day anyhow."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        count = rota.make_shifts(hotline, tx)
    click.echo(f"{count} shifts were made")


@click.command("list-rota")
@click.option("--from", "first", type=DAY, default=None, help="The first day; today.")
@click.option("--days", "count", type=click.IntRange(1, 62), default=7, show_default=True)
def list_rota(first: date | None, count: int) -> None:
    """Who is on call, day by day; gaps and overlaps in plain words. Times of Phnom Penh."""
    hotline = open_hotline()
    now = hotline.now()
    with hotline.reading() as tx:
        week = rota_week(tx, now, first or day_at(now), count)
        lines = [*_days(week), *_what_is_wrong(week), *_behind(tx, week, now)]
    click.echo("\n".join(lines))


@click.command("set-holiday")
@click.argument("day", type=DAY)
@click.argument("name", default="")
@click.option("--working", is_flag=True, help="It is worked, whatever the calendar says.")
def set_holiday(day: date, name: str, working: bool) -> None:
    """Say that a day is a holiday (or is worked): it wins over the calendar of the library."""
    if not name and not working:
        raise click.ClickException("NAME is missing: what the holiday is called")
    if len(name) > 80:
        raise click.ClickException("NAME is longer than 80 letters")
    hotline = open_hotline()
    if day < day_at(hotline.now()):
        raise click.ClickException(FAULTS[RotaFault.IN_THE_PAST])
    with hotline.transaction() as tx:
        rota.set_day(hotline, tx, day, name, not working, OPERATOR)
    click.echo(f"{day} is {'a working day' if working else 'a holiday'}")


@click.command("forget-holiday")
@click.argument("day", type=DAY)
def forget_holiday(day: date) -> None:
    """Take back what was said about a day: the library decides again."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        if not rota.forget_day(hotline, tx, day, OPERATOR):
            raise click.ClickException(f"nobody has said anything about {day}")
    click.echo(f"{day} is what the calendar says")


def _must_be_known(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        told = f"{zone!r} is no time zone; write it like Asia/Phnom_Penh"
        raise click.ClickException(told) from None


def _days(week: RotaWeek) -> Iterator[str]:
    zone = ZoneInfo(ZONE)
    for one in week.days:
        special = one.special
        told = f"  {special.name or 'worked'}" if special is not None else ""
        yield f"{one.day:%a %d/%m}{told}"
        for piece in one.pieces:
            people = ", then ".join(week.names.get(who, "?") for who in piece.people)
            ends = piece.ends_at.astimezone(zone)
            until = "24:00" if ends.date() > one.day else f"{ends:%H:%M}"
            yield f"  {piece.starts_at.astimezone(zone):%H:%M}-{until}  {people or 'NOBODY'}"


def _what_is_wrong(week: RotaWeek, most: int = 50) -> Iterator[str]:
    gaps = [
        f"gap: nobody is on call from {written(gap.starts_at)} until {written(gap.ends_at)}"
        for gap in week.gaps
    ]
    found = [*gaps, *(_overlap(week, double) for double in week.doubles)]
    yield from found[:most]
    if len(found) > most:
        yield f"and {len(found) - most} more: see `flask list-rota --days 42`"
    if not found:
        count = len(week.days)
        yield f"no gap and no overlap {f'in these {count} days' if count > 1 else 'on this day'}"


def _overlap(week: RotaWeek, double: Double) -> str:
    people = " and ".join(week.names.get(who, "?") for who in double.people)
    places = " and ".join(map(str, double.places))
    have = f"share place {places}" if len(double.people) > 1 else f"has place {places} twice"
    if len(double.places) > 1:
        have = f"has places {places} at once"
    return (
        f"overlap: {people} {have} from {written(double.starts_at)} until {written(double.ends_at)}"
    )


def _behind(tx: Transaction, week: RotaWeek, now: datetime) -> Iterator[str]:
    """The rotations the shifts come from, and swaps that wait for an answer."""
    for one in list_rotations(tx):
        people = ", ".join(week.names.get(who, "(left)") for who in one.people)
        hours = f"{one.from_time:%H:%M}-{one.until_time:%H:%M}"
        begins = f" from {_WEEKDAYS[one.weekday]}" if one.every == WEEKLY else ""
        zone = "" if one.zone == ZONE else f" {one.zone}"
        kind = f"{one.every}{begins}, {one.days} days, {hours}{zone}, place {one.place}"
        yield f"rotation {one.id}: {kind}: {people}"
    for swap in asked_swaps(tx, now):
        asker, other = (week.names.get(who, "?") for who in (swap.asker_id, swap.other_id))
        span = f"{written(swap.starts_at)} until {written(swap.ends_at)}"
        yield f"swap {swap.id}: {asker} asks {other} to take {span}, place {swap.place}"


rota_commands: list[click.Command] = [
    add_rotation,
    end_rotation,
    make_shifts,
    list_rota,
    set_holiday,
    forget_holiday,
]
