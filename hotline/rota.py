"""The rota: shifts made ahead from rotations, changed by people, and who is on call.

The table of shifts is the truth. Nothing here asks who may do it: the desk and the terminal do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline import audit, outbox
from hotline.core.rota import OVERRIDE, OnCall, Shift, doubles, left_of, on_call, renew
from hotline.core.rotation import Rotation, shifts_of
from hotline.core.turn import Saying
from hotline.days_off import holidays_between
from hotline.parts import Hotline
from hotline.storage import holiday, rotation
from hotline.storage.database import Transaction
from hotline.storage.shift import hold_rota, keep_shift, list_shifts, remove_shift
from hotline.storage.staff_member import PAGED_ROLES, get_staff, list_staff

AHEAD = timedelta(weeks=6)
LONGEST = timedelta(days=31)
_A_MOMENT_AGO = timedelta(hours=1)


class RotaFault(StrEnum):
    """Why the rota was not changed."""

    NOBODY = "nobody"
    NOT_PAGED = "not_paged"
    ENDS_BEFORE_START = "ends_before_start"
    IN_THE_PAST = "in_the_past"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"


def who_is_on_call(tx: Transaction, now: datetime) -> OnCall:
    """Who is on call now, until when, and who is next: as far ahead as shifts are made."""
    return on_call(list_shifts(tx, now, now + AHEAD), now)


def make_shifts(hotline: Hotline, tx: Transaction) -> int:
    """Make the shifts of the coming weeks from every rotation; how many were added.

    Run again it does nothing. An override or a swap stands, and nobody's shift changes its person.
    """
    now = hotline.now()
    hold_rota(tx)
    return sum(_make(tx, one, now) for one in _rotations(tx))


def _make(tx: Transaction, one: Rotation, now: datetime) -> int:
    until = now + AHEAD
    there = list_shifts(tx, now, until + AHEAD)
    came = renew(
        shifts_of(one, now, until, _holidays(tx, one, until)),
        [shift for shift in there if shift.rotation_id == one.id],
        [shift for shift in there if shift.is_decided],
        now,
    )
    _keep(tx, (shift.id for shift in came.gone), came.added)
    return len(came.added)


def add_rotation(hotline: Hotline, tx: Transaction, new: Rotation, actor: str) -> int | RotaFault:
    """A new rotation with its first shifts; its number.

    Refused where it would put two people in the place of another rotation at the same time.
    """
    now = hotline.now()
    if not new.people:
        return RotaFault.NOBODY
    if new.starts_on < (now - timedelta(days=1)).date():
        return RotaFault.IN_THE_PAST
    hold_rota(tx)
    until = now + AHEAD
    mine = shifts_of(new, now, until, _holidays(tx, new, until))
    for other in _rotations(tx):
        if doubles_in_place([*mine, *shifts_of(other, now, until, _holidays(tx, other, until))]):
            return RotaFault.OVERLAPS
    number = rotation.add_rotation(tx, new, now)
    audit.note(tx, now, actor, "add_rotation", f"rotation:{number}")
    _make(tx, replace(new, id=number), now)
    return number


def doubles_in_place(shifts: Collection[Shift]) -> bool:
    """Whether any place is taken twice at once."""
    return any(len(double.places) == 1 for double in doubles(shifts))


def end_rotation(hotline: Hotline, tx: Transaction, number: int, actor: str) -> bool:
    """No further turns; its shifts to come are taken away. False: no such rotation goes on."""
    now = hotline.now()
    hold_rota(tx)
    if not rotation.end_rotation(tx, number, now):
        return False
    made = [s for s in list_shifts(tx, now, now + 2 * AHEAD) if s.rotation_id == number]
    came = renew((), [shift for shift in made if not shift.is_decided], (), now)
    _keep(tx, (shift.id for shift in came.gone), ())
    audit.note(tx, now, actor, "end_rotation", f"rotation:{number}")
    return True


def override(
    hotline: Hotline,
    tx: Transaction,
    staff_id: int,
    starts_at: datetime,
    ends_at: datetime,
    place: int,
    actor: str,
) -> RotaFault | None:
    """Somebody else takes a span in a place; those it concerns are told by text."""
    now = hotline.now()
    fault = fault_of_span(starts_at, ends_at, now)
    if fault is None and not may_be_on_call(get_staff(tx, staff_id)):
        fault = RotaFault.NOT_PAGED
    if fault is not None:
        return fault
    new = Shift(staff_id, max(starts_at, now), ends_at, place, OVERRIDE)
    put_in_place(hotline, tx, new, actor)
    return None


def put_in_place(
    hotline: Hotline, tx: Transaction, new: Shift, actor: str, *, of: int | None = None
) -> None:
    """Cut this span out of the shifts in its place (of one person: `of`), and put it there."""
    now = hotline.now()
    hold_rota(tx)
    concerned = {new.staff_id}
    for shift in list_shifts(tx, new.starts_at, new.ends_at):
        if shift.place != new.place or of not in (None, shift.staff_id):
            continue
        rest = left_of(shift, new.starts_at, new.ends_at)
        _keep(tx, () if rest else (shift.id,), rest)
        concerned.add(shift.staff_id)
    keep_shift(tx, new)
    audit.note(tx, now, actor, f"rota_{new.source}", f"staff:{new.staff_id}", f"place:{new.place}")
    for staff_id in sorted(concerned):
        if actor != f"staff:{staff_id}":
            tell(hotline, tx, staff_id, "STAFF_ROTA_CHANGED", f"rota:{now.isoformat()}")


def tell(hotline: Hotline, tx: Transaction, staff_id: int, prompt: str, key: str) -> None:
    """A text about the rota to one person; once for a key."""
    member = get_staff(tx, staff_id)
    outbox.put_page(hotline, tx, member, Saying(prompt), None, f"{key}:{staff_id}")


def set_day(
    hotline: Hotline, tx: Transaction, day: date, name: str, is_off: bool, actor: str
) -> None:
    """The supervisor's word on a day; the shifts to come follow it."""
    holiday.set_day(tx, day, name, is_off, hotline.now())
    audit.note(tx, hotline.now(), actor, "set_holiday", f"day:{day}", "off" if is_off else "work")
    make_shifts(hotline, tx)


def forget_day(hotline: Hotline, tx: Transaction, day: date, actor: str) -> bool:
    """The library decides about this day again; False where nobody had spoken about it."""
    if not holiday.forget_day(tx, day):
        return False
    audit.note(tx, hotline.now(), actor, "forget_holiday", f"day:{day}")
    make_shifts(hotline, tx)
    return True


def fault_of_span(starts_at: datetime, ends_at: datetime, now: datetime) -> RotaFault | None:
    """What is wrong with a span that somebody asks for."""
    if ends_at <= starts_at:
        return RotaFault.ENDS_BEFORE_START
    if starts_at < now - _A_MOMENT_AGO or ends_at <= now:
        return RotaFault.IN_THE_PAST
    return RotaFault.TOO_LONG if ends_at - starts_at > LONGEST else None


def may_be_on_call(member: Any) -> bool:
    return bool(member.active) and member.role in PAGED_ROLES


def _rotations(tx: Transaction) -> list[Rotation]:
    """Those that go on, with who has left or is paged no more."""
    here = {member.id for member in list_staff(tx, PAGED_ROLES)}
    known = rotation.list_rotations(tx)
    gone = frozenset(person for one in known for person in one.people) - here
    return [replace(one, left=gone & frozenset(one.people)) for one in known]


def _holidays(tx: Transaction, one: Rotation, until: datetime) -> Any:
    return holidays_between(tx, one.starts_on, until.astimezone(UTC).date() + timedelta(days=14))


def _keep(tx: Transaction, gone: Iterable[int | None], kept: Iterable[Shift]) -> None:
    for shift_id in gone:
        assert shift_id is not None
        remove_shift(tx, shift_id)
    for shift in kept:
        keep_shift(tx, shift)
