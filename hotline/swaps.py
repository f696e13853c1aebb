"""Swaps: ask a colleague to take a shift. It stays with who asks until the colleague accepts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline import audit, rota
from hotline.core.rota import SWAP, Shift, gaps
from hotline.parts import Hotline
from hotline.storage import shift_swap
from hotline.storage.database import Transaction
from hotline.storage.shift import hold_rota, list_shifts
from hotline.storage.shift_swap import ACCEPTED, ASKED, REFUSED, WITHDRAWN


class Swapped(StrEnum):
    """What came of asking for a swap, or of answering one."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_YOURS = "not_yours"  # the shift is not theirs who ask; or the swap is none of theirs
    ONESELF = "oneself"
    NOT_PAGED = "not_paged"
    IN_THE_PAST = "in_the_past"
    ASKED_ALREADY = "asked_already"
    OVER = "over"  # answered, withdrawn or past
    CHANGED = "changed"  # who asked does not have the shift any more


def ask(
    hotline: Hotline,
    tx: Transaction,
    asker_id: int,
    other: Any,
    starts_at: datetime,
    ends_at: datetime,
    place: int,
) -> Swapped:
    """Ask `other` to take this span; they are told by text that somebody asks, not who."""
    now = hotline.now()
    hold_rota(tx)
    refusal = _refusal(tx, asker_id, other, (starts_at, ends_at, place), now)
    if refusal is not None:
        return refusal
    starts_at = max(starts_at, now)
    swap_id = shift_swap.add_swap(tx, asker_id, other.id, starts_at, ends_at, place, now)
    audit.note(tx, now, f"staff:{asker_id}", "swap_asked", f"swap:{swap_id}")
    rota.tell(hotline, tx, other.id, "STAFF_SWAP_ASKED", f"swap:{swap_id}:asked")
    return Swapped.ASKED


def _refusal(
    tx: Transaction, asker_id: int, other: Any, span: tuple[datetime, datetime, int], now: datetime
) -> Swapped | None:
    starts_at, ends_at, place = span
    if asker_id == other.id:
        return Swapped.ONESELF
    if not rota.may_be_on_call(other):
        return Swapped.NOT_PAGED
    if ends_at <= now or ends_at <= starts_at:
        return Swapped.IN_THE_PAST
    if not _has(tx, asker_id, max(starts_at, now), ends_at, place):
        return Swapped.NOT_YOURS
    waiting = [swap for swap in shift_swap.asked_swaps(tx, now) if swap.asker_id == asker_id]
    is_twice = any(
        s.place == place and s.starts_at < ends_at > starts_at < s.ends_at for s in waiting
    )
    return Swapped.ASKED_ALREADY if is_twice else None


def answer(
    hotline: Hotline, tx: Transaction, member_id: int, swap_id: int, *, accepts: bool
) -> Swapped:
    """Only who was asked may answer. From accepting on, the shift is theirs."""
    now = hotline.now()
    hold_rota(tx)
    swap = shift_swap.get_swap(tx, swap_id)
    if swap is None or swap.other_id != member_id:
        return Swapped.NOT_YOURS
    if swap.state != ASKED or swap.ends_at <= now:
        return Swapped.OVER
    if not accepts:
        _end(hotline, tx, swap, REFUSED, member_id)
        rota.tell(hotline, tx, swap.asker_id, "STAFF_SWAP_REFUSED", f"swap:{swap_id}:refused")
        return Swapped.REFUSED
    starts_at = max(swap.starts_at, now)
    if not _has(tx, swap.asker_id, starts_at, swap.ends_at, swap.place):
        _end(hotline, tx, swap, WITHDRAWN, member_id)
        return Swapped.CHANGED
    _end(hotline, tx, swap, ACCEPTED, member_id)
    new = Shift(member_id, starts_at, swap.ends_at, swap.place, SWAP)
    rota.put_in_place(hotline, tx, new, f"staff:{member_id}", of=swap.asker_id)
    return Swapped.ACCEPTED


def withdraw(hotline: Hotline, tx: Transaction, member_id: int, swap_id: int) -> Swapped:
    """Who asked wants it no more."""
    swap = shift_swap.get_swap(tx, swap_id)
    if swap is None or swap.asker_id != member_id:
        return Swapped.NOT_YOURS
    if swap.state != ASKED:
        return Swapped.OVER
    _end(hotline, tx, swap, WITHDRAWN, member_id)
    return Swapped.WITHDRAWN


def _end(hotline: Hotline, tx: Transaction, swap: Any, state: str, member_id: int) -> None:
    shift_swap.end_swap(tx, swap.id, state, hotline.now())
    audit.note(tx, hotline.now(), f"staff:{member_id}", f"swap_{state}", f"swap:{swap.id}")


def _has(
    tx: Transaction, staff_id: int, starts_at: datetime, ends_at: datetime, place: int
) -> bool:
    """Whether this person is on call in this place from the first moment to the last."""
    theirs = [
        shift
        for shift in list_shifts(tx, starts_at, ends_at)
        if (shift.staff_id, shift.place) == (staff_id, place)
    ]
    return not gaps(theirs, starts_at, ends_at)
