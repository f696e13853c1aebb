"""What the commands of the rota read and say: times in Phnom Penh, people by name, faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import click

from hotline.core.rotation import ZONE
from hotline.rota import RotaFault
from hotline.staffing import may_be_paged
from hotline.storage.database import Transaction
from hotline.storage.staff_member import find_staff_by_name
from hotline.swaps import Swapped

OPERATOR = "operator"

FAULTS: Mapping[RotaFault, str] = {
    RotaFault.NOBODY: "a rotation needs people: name them in the order of their turns",
    RotaFault.NOT_PAGED: "only duty workers and supervisors are paged: change the role first",
    RotaFault.ENDS_BEFORE_START: "the end must be later than the start",
    RotaFault.IN_THE_PAST: "that is in the past: what has been is not rewritten",
    RotaFault.TOO_LONG: "that is longer than 31 days: make a rotation instead",
    RotaFault.OVERLAPS: "another rotation has this place at some of these times: "
    "choose another --place, or end the other one (flask list-rota, flask end-rotation)",
    RotaFault.CHANGED: "somebody changed that time meanwhile: look at it again",
}
SWAPPED: Mapping[Swapped, str] = {
    Swapped.ASKED: "asked; the shift stays where it is until the other one accepts",
    Swapped.ACCEPTED: "accepted; the shift has changed hands",
    Swapped.REFUSED: "refused; the shift stays where it is",
    Swapped.WITHDRAWN: "withdrawn",
    Swapped.NOT_YOURS: "that is not theirs: see `flask list-rota`",
    Swapped.ONESELF: "nobody can ask themselves",
    Swapped.NOT_PAGED: FAULTS[RotaFault.NOT_PAGED],
    Swapped.IN_THE_PAST: "that is in the past, or its end is not later than its start",
    Swapped.ASKED_ALREADY: "somebody is asked for this shift already: withdraw that first",
    Swapped.OVER: "that swap was answered or withdrawn before, or its time is over",
    Swapped.NOT_THEIRS: "what is wanted in return is not theirs: see `flask list-rota`",
    Swapped.SAME_TIME: "that is one place at the same time: nothing would be exchanged",
    Swapped.CHANGED: "the shift is in other hands meanwhile; nothing was changed",
}
DONE = frozenset({Swapped.ASKED, Swapped.ACCEPTED, Swapped.REFUSED, Swapped.WITHDRAWN})


class Moment(click.ParamType[datetime]):
    """ "2026-11-23 08:00" by the clocks of Phnom Penh."""

    name = "moment"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        try:
            read = datetime.fromisoformat(value.strip())
        except ValueError:
            self.fail(f"{value!r} is no time; write it like '2026-11-23 08:00'", param, ctx)
        return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(ZONE))).astimezone(UTC)


class Day(click.ParamType[date]):
    """ "2026-11-23"."""

    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2026-11-23", param, ctx)


class ClockTime(click.ParamType[time]):
    """ "08:00"."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> time:
        if isinstance(value, time):
            return value
        try:
            return time.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            self.fail(f"{value!r} is no time of day; write it like 08:00", param, ctx)


MOMENT, DAY, CLOCK = Moment(), Day(), ClockTime()
place_option = click.option("--place", type=click.IntRange(1, 9), default=1, show_default=True)
from_option = click.option("--from", "starts_at", type=MOMENT, required=True)
until_option = click.option("--until", "ends_at", type=MOMENT, required=True)


def find(tx: Transaction, name: str) -> Any:
    """Whoever has this name, or one line that says what to do."""
    member = find_staff_by_name(tx, name)
    if member is None:
        raise click.ClickException(f"nobody has the name {name!r}; see `flask add-staff`")
    return member


def find_who_is_paged(tx: Transaction, names: Sequence[str]) -> list[Any]:
    members = [find(tx, name) for name in names]
    for member in members:
        if not may_be_paged(member):
            raise click.ClickException(f"{member.name}: {FAULTS[RotaFault.NOT_PAGED]}")
    return members


def written(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(ZONE)):%a %d/%m %H:%M}"
