"""Keeps an eye on the rota: who begins is told, a gap to come is told, shifts are made ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from hotline import outbox, rota
from hotline.core.rota import gaps
from hotline.core.rotation import ZONE
from hotline.core.turn import Saying
from hotline.house_rules import held_until
from hotline.parts import Hotline
from hotline.staffing import reach_of
from hotline.storage.database import Transaction
from hotline.storage.heartbeat import beat, last_beat
from hotline.storage.shift import (
    has_shifts,
    last_end,
    list_shifts,
    mark_told,
    shifts_of_staff,
    shifts_to_tell,
)
from hotline.storage.staff_member import get_staff, list_staff

WARN_AHEAD = timedelta(hours=24)
_TOLD_LATE = timedelta(minutes=30)
"""A shift that began longer ago is not told any more: whoever has it knows."""

GAPS_SEEN, MADE_AHEAD = "rota.gaps", "rota.made"
_LOOK_FOR_GAPS = timedelta(minutes=10)
_MAKE_AHEAD = timedelta(hours=12)
_MOMENT = timedelta(seconds=1)

log = structlog.get_logger()


def watch_rota(hotline: Hotline) -> bool:
    """Tell who begins and warn of gaps; True where texts were put. Cheap where nothing is due."""
    now = hotline.now()
    with hotline.reading() as tx:
        begun = shifts_to_tell(tx, now, _TOLD_LATE)
        must_look = _is_due(tx, GAPS_SEEN, _LOOK_FOR_GAPS, now)
    if not begun and not must_look:
        return False
    with hotline.transaction() as tx:
        told = [_tell_start(hotline, tx, shift) for shift in begun]
        if must_look:
            beat(tx, GAPS_SEEN, now)
            told.append(warn_of_gaps(hotline, tx))
    return any(told)


def make_ahead(hotline: Hotline) -> bool:
    """Twice a day: the shifts of the coming weeks, from the rotations."""
    now = hotline.now()
    with hotline.reading() as tx:
        if not _is_due(tx, MADE_AHEAD, _MAKE_AHEAD, now):
            return False
    with hotline.transaction() as tx:
        beat(tx, MADE_AHEAD, now)
        return rota.make_shifts(hotline, tx) > 0


def _is_due(tx: Transaction, name: str, every: timedelta, now: datetime) -> bool:
    last = last_beat(tx, name)
    return last is None or last + every <= now


def _tell_start(hotline: Hotline, tx: Transaction, shift: Any) -> bool:
    """Nothing for who goes on without a break: they were told at the beginning of it all."""
    now = hotline.now()
    member = get_staff(tx, shift.staff_id)
    if not member.active or not mark_told(tx, shift.id, now):
        return False
    theirs = shifts_of_staff(tx, member.id, shift.starts_at - _MOMENT)
    if any(other.starts_at < shift.starts_at <= other.ends_at for other in theirs):
        return False
    until = shift.ends_at
    for other in theirs:
        if other.starts_at <= until < other.ends_at:
            until = other.ends_at
    saying = Saying("STAFF_SHIFT_STARTS", (("time", _clock(until, now, member.zone)),))
    return outbox.put_page(hotline, tx, member, saying, None, f"shift:{shift.id}:{shift.starts_at}")


def warn_of_gaps(hotline: Hotline, tx: Transaction) -> bool:
    """Every supervisor is told of a gap a day before it begins, once.

    A line that never had a rota says so at the desk only.
    """
    now = hotline.now()
    there = list_shifts(tx, now, now + WARN_AHEAD)
    told = False
    for gap in gaps(there, now, now + WARN_AHEAD):
        if gap.starts_at > now:
            begins: datetime | None = gap.starts_at
        else:
            begins = last_end(tx, now)
        if begins is not None:
            told = _warn(hotline, tx, begins, begins.isoformat()) or told
        elif has_shifts(tx):  # and nobody who is still here ever had one: told once a day
            told = _warn(hotline, tx, now, f"{now:%Y-%m-%d}") or told
    return told


def _warn(hotline: Hotline, tx: Transaction, begins: datetime, which: str) -> bool:
    """By day, unless the gap begins before the quiet hours end: then there is no time to lose."""
    now = hotline.now()
    supervisors = list_staff(tx, ("supervisor",))
    if not supervisors:
        log.error("gap_in_rota_and_no_supervisor")
    put = []
    for member in supervisors:
        saying = Saying("STAFF_GAP", (("time", _clock(begins, now, member.zone)),))
        key = f"gap:{which}:{member.id}"
        until = held_until(tx, rota.CALM, reach_of(member), now)
        at = until if until is not None and begins > until else now
        put.append(outbox.put_page(hotline, tx, member, saying, None, key, at=at))
    return any(put)


def _clock(moment: datetime, now: datetime, zone: str) -> str:
    """ "08:00" by the reader's own clock, with the day where it is not within a day."""
    try:
        there = moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        there = moment.astimezone(ZoneInfo(ZONE))
    is_near = abs(moment - now) <= timedelta(hours=24)
    return f"{there:%H:%M}" if is_near else f"{there:%d/%m %H:%M}"
