"""The rota: shifts made ahead from rotations, changed by people, and who is on call.

The table of shifts is the truth. Nothing here asks who may do it: the desk and the terminal do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from hotline import audit, outbox
from hotline.core.local_time import PHNOM_PENH
from hotline.core.rota import OVERRIDE, Shift, doubles, left_of, renew
from hotline.core.rotation import Holidays, Rotation, shifts_of
from hotline.core.turn import Saying
from hotline.days_off import holidays_between
from hotline.house_rules import held_until
from hotline.parts import Hotline
from hotline.staffing import may_be_paged, reach_of
from hotline.storage import holiday, rotation
from hotline.storage.database import Transaction
from hotline.storage.rota_change import changes_since, note_change
from hotline.storage.shift import (
    hold_rota,
    keep_shift,
    list_shifts,
    remove_shift,
    shifts_of_staff,
)
from hotline.storage.staff_member import get_staff, list_reachable

AHEAD = timedelta(weeks=6)
LONGEST = timedelta(days=31)
_A_MOMENT_AGO = timedelta(hours=1)
_LATELY = timedelta(days=1)
CALM = "P2"  # a word about the rota is as urgent as a case that can wait


class RotaFault(StrEnum):
    """Why the rota was not changed."""

    NOBODY = "nobody"
    NOT_PAGED = "not_paged"
    ENDS_BEFORE_START = "ends_before_start"
    IN_THE_PAST = "in_the_past"
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"
    CHANGED = "changed_meanwhile"  # somebody else changed that time since it was looked at


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
        shifts_of(one, now, until, holidays_until(tx, one, until)),
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
    hold_rota(tx)
    fault = fault_of_rotation(tx, new, now)
    if fault is not None:
        return fault
    number = rotation.add_rotation(tx, new, now)
    audit.note(tx, now, actor, "add_rotation", f"rotation:{number}")
    _make(tx, replace(new, id=number), now)
    return number


def fault_of_rotation(tx: Transaction, new: Rotation, now: datetime) -> RotaFault | None:
    """Why this rotation cannot be added."""
    if not new.people:
        return RotaFault.NOBODY
    if new.starts_on < (now - timedelta(days=1)).date():
        return RotaFault.IN_THE_PAST
    until = now + AHEAD
    mine = shifts_of(new, now, until, holidays_until(tx, new, until))
    for other in _rotations(tx):
        if doubles_in_place(
            [*mine, *shifts_of(other, now, until, holidays_until(tx, other, until))]
        ):
            return RotaFault.OVERLAPS
    return None


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
    *,
    seen: int | None = None,
) -> RotaFault | None:
    """Somebody else takes a span in a place; those it concerns are told by text.

    `seen` is the change (storage.rota_change) up to which the actor had seen the rota: what others
    did to this span since then is not written over unseen.
    """
    now = hotline.now()
    fault = fault_of_span(starts_at, ends_at, now)
    if fault is None and not may_be_paged(get_staff(tx, staff_id)):
        fault = RotaFault.NOT_PAGED
    if fault is not None:
        return fault
    hold_rota(tx)
    if changed_meanwhile(tx, seen, starts_at, ends_at, actor):
        return RotaFault.CHANGED
    new = Shift(staff_id, max(starts_at, now), ends_at, place, OVERRIDE)
    before = changes_since(tx, 0, new.starts_at, ends_at, staff_of(actor))
    put_in_place(hotline, tx, new, actor)
    for who in {change.staff_id for change in before if change.at > now - _LATELY}:
        # Whoever decided something else about this time lately hears that it holds no more.
        tell(hotline, tx, who, "STAFF_ROTA_CHANGED", f"rota:{now.isoformat()}", new.starts_at)
    return None


def changed_meanwhile(
    tx: Transaction, seen: int | None, starts_at: datetime, ends_at: datetime, actor: str
) -> Sequence[Any]:
    """What others changed of this span after the change `seen`; None: nobody asks."""
    if seen is None:
        return ()
    return changes_since(tx, seen, starts_at, ends_at, staff_of(actor))


def staff_of(actor: str) -> int:
    """The number in "staff:3"; 0 for the terminal and for the line itself."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "staff" else 0


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
    if staff_of(actor):
        note_change(tx, staff_of(actor), new.starts_at, new.ends_at, now)
    audit.note(tx, now, actor, f"rota_{new.source}", f"staff:{new.staff_id}", f"place:{new.place}")
    for staff_id in sorted(concerned):
        if actor != f"staff:{staff_id}":
            key = f"rota:{now.isoformat()}"
            tell(hotline, tx, staff_id, "STAFF_ROTA_CHANGED", key, new.starts_at)


def free(hotline: Hotline, tx: Transaction, staff_id: int) -> int:
    """Nothing of the rota is this person's from now on, and their turns go to the next in order.

    They must be out of reach already (retired, phone lost). How many shifts were freed.
    """
    now = hotline.now()
    hold_rota(tx)
    theirs = shifts_of_staff(tx, staff_id, now)
    for shift in theirs:
        rest = left_of(shift, now, shift.ends_at)
        _keep(tx, () if rest else (shift.id,), rest)
    make_shifts(hotline, tx)
    return len(theirs)


def tell(
    hotline: Hotline,
    tx: Transaction,
    staff_id: int,
    prompt: str,
    key: str,
    begins: datetime | None = None,
) -> None:
    """A text about the rota to one person; once for a key.

    It waits for the end of their quiet hours, unless what it tells `begins` before that.
    """
    member, now = get_staff(tx, staff_id), hotline.now()
    until = held_until(tx, CALM, reach_of(member), now)
    at = until if until is not None and (begins is None or begins > until) else now
    outbox.put_page(hotline, tx, member, Saying(prompt), None, f"{key}:{staff_id}", at=at)


def set_day(
    hotline: Hotline, tx: Transaction, day: date, name: str, is_off: bool, actor: str
) -> None:
    """The supervisor's word on a day; the shifts to come follow it."""
    hold_rota(tx)
    _note_day(hotline, tx, day, actor)
    holiday.set_day(tx, day, name, is_off, hotline.now())
    audit.note(tx, hotline.now(), actor, "set_holiday", f"day:{day}", "off" if is_off else "work")
    make_shifts(hotline, tx)


def forget_day(hotline: Hotline, tx: Transaction, day: date, actor: str) -> bool:
    """The library decides about this day again; False where nobody had spoken about it."""
    hold_rota(tx)
    if not holiday.forget_day(tx, day):
        return False
    _note_day(hotline, tx, day, actor)
    audit.note(tx, hotline.now(), actor, "forget_holiday", f"day:{day}")
    make_shifts(hotline, tx)
    return True


def span_of_day(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight, in Phnom Penh."""
    begins = datetime.combine(day, time(), PHNOM_PENH)
    return begins.astimezone(UTC), (begins + timedelta(days=1)).astimezone(UTC)


def _note_day(hotline: Hotline, tx: Transaction, day: date, actor: str) -> None:
    if staff_of(actor):
        note_change(tx, staff_of(actor), *span_of_day(day), hotline.now())


def fault_of_span(starts_at: datetime, ends_at: datetime, now: datetime) -> RotaFault | None:
    """What is wrong with a span that somebody asks for."""
    if ends_at <= starts_at:
        return RotaFault.ENDS_BEFORE_START
    if starts_at < now - _A_MOMENT_AGO or ends_at <= now:
        return RotaFault.IN_THE_PAST
    return RotaFault.TOO_LONG if ends_at - starts_at > LONGEST else None


def _rotations(tx: Transaction) -> list[Rotation]:
    """Those that go on, with who has left or cannot be paged."""
    here = {member.id for member in list_reachable(tx)}
    known = rotation.list_rotations(tx)
    gone = frozenset(person for one in known for person in one.people) - here
    return [replace(one, left=gone & frozenset(one.people)) for one in known]


def holidays_until(tx: Transaction, one: Rotation, until: datetime) -> Holidays:
    """What a rotation must know of the days up to `until`."""
    return holidays_between(tx, one.starts_on, until.astimezone(UTC).date() + timedelta(days=14))


def _keep(tx: Transaction, gone: Iterable[int | None], kept: Iterable[Shift]) -> None:
    for shift_id in gone:
        assert shift_id is not None
        remove_shift(tx, shift_id)
    for shift in kept:
        keep_shift(tx, shift)
