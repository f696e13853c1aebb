"""Swaps: ask a colleague to take a shift, or to exchange it for one of theirs.

It stays with who asks until the colleague accepts. Of an exchange both shifts move, or none does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline import audit, rota
from hotline.core.rota import SWAP, Shift, gaps
from hotline.parts import Hotline
from hotline.staffing import may_be_paged
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
    CHANGED = "changed"  # who asked, or was asked, does not have the shift any more
    NOT_THEIRS = "not_theirs"  # what is wanted in return is not the colleague's
    SAME_TIME = "same_time"  # two spans of an exchange in one place, at the same time


@dataclass(frozen=True, slots=True)
class Part:
    """A span in a place of the ladder that changes hands."""

    starts_at: datetime
    ends_at: datetime
    place: int

    def from_now(self, now: datetime) -> Part:
        return replace(self, starts_at=max(self.starts_at, now))

    def meets(self, other: Part) -> bool:
        """Whether both want the same place at the same time."""
        is_in_time = self.starts_at < other.ends_at and other.starts_at < self.ends_at
        return self.place == other.place and is_in_time


def ask(
    hotline: Hotline,
    tx: Transaction,
    asker_id: int,
    other: Any,
    part: Part,
    back: Part | None = None,
) -> Swapped:
    """Ask `other` to take this part, and to give `back` in return if one is named.

    They are told by text that somebody asks, not who.
    """
    now = hotline.now()
    hold_rota(tx)
    refusal = _refusal(tx, asker_id, other, part, now)
    if refusal is None and back is not None:
        refusal = _refusal_of_return(tx, other.id, part, back, now)
    if refusal is not None:
        return refusal
    part = part.from_now(now)
    span = (part.starts_at, part.ends_at, part.place)
    in_return = (back.starts_at, back.ends_at, back.place) if back is not None else None
    swap_id = shift_swap.add_swap(tx, asker_id, other.id, *span, now, in_return)
    audit.note(tx, now, f"staff:{asker_id}", "swap_asked", f"swap:{swap_id}")
    begins = part.starts_at
    rota.tell(hotline, tx, other.id, "STAFF_SWAP_ASKED", f"swap:{swap_id}:asked", begins)
    return Swapped.ASKED


def _refusal(
    tx: Transaction, asker_id: int, other: Any, part: Part, now: datetime
) -> Swapped | None:
    if asker_id == other.id:
        return Swapped.ONESELF
    if not may_be_paged(other):
        return Swapped.NOT_PAGED
    if part.ends_at <= now or part.ends_at <= part.starts_at:
        return Swapped.IN_THE_PAST
    if not _has(tx, asker_id, part.from_now(now)):
        return Swapped.NOT_YOURS
    waiting = [swap for swap in shift_swap.asked_swaps(tx, now) if swap.asker_id == asker_id]
    is_twice = any(part.meets(_part_of(swap)) for swap in waiting)
    return Swapped.ASKED_ALREADY if is_twice else None


def _refusal_of_return(
    tx: Transaction, other_id: int, part: Part, back: Part, now: datetime
) -> Swapped | None:
    if back.ends_at <= now or back.ends_at <= back.starts_at:
        return Swapped.IN_THE_PAST
    if part.meets(back):
        return Swapped.SAME_TIME
    return None if _has(tx, other_id, back.from_now(now)) else Swapped.NOT_THEIRS


def answer(
    hotline: Hotline, tx: Transaction, member_id: int, swap_id: int, *, accepts: bool
) -> Swapped:
    """Only who was asked may answer. From accepting on, the shift is theirs."""
    now = hotline.now()
    hold_rota(tx)
    swap = shift_swap.get_swap(tx, swap_id)
    if swap is None or swap.other_id != member_id:
        return Swapped.NOT_YOURS
    if swap.state != ASKED or _is_over(swap, now):
        return Swapped.OVER
    if not accepts:
        _end(hotline, tx, swap, REFUSED, member_id)
        tell_of_end(hotline, tx, swap, but=member_id)
        return Swapped.REFUSED
    return _change_hands(hotline, tx, swap)


def _change_hands(hotline: Hotline, tx: Transaction, swap: Any) -> Swapped:
    """Both parts, or none: what is not as it was when it was asked voids the whole of it."""
    now, asker, other = hotline.now(), swap.asker_id, swap.other_id
    part, back = _part_of(swap).from_now(now), _return_of(swap)
    back = back.from_now(now) if back is not None else None
    is_as_asked = _has(tx, asker, part) and (back is None or _has(tx, other, back))
    if not is_as_asked:
        _end(hotline, tx, swap, WITHDRAWN, other)
        tell_of_end(hotline, tx, swap, but=other)
        return Swapped.CHANGED
    _end(hotline, tx, swap, ACCEPTED, other)
    _give(hotline, tx, part, asker, other, other)
    if back is not None:
        _give(hotline, tx, back, other, asker, other)
    return Swapped.ACCEPTED


def _give(
    hotline: Hotline, tx: Transaction, part: Part, giver: int, taker: int, accepter: int
) -> None:
    new = Shift(taker, part.starts_at, part.ends_at, part.place, SWAP)
    rota.put_in_place(hotline, tx, new, f"staff:{accepter}", of=giver)


def tell_of_end(hotline: Hotline, tx: Transaction, swap: Any, but: int) -> None:
    """Who asked must not stay at home believing that somebody else is on call."""
    if swap.asker_id != but:
        key = f"swap:{swap.id}:refused"
        rota.tell(hotline, tx, swap.asker_id, "STAFF_SWAP_REFUSED", key, swap.starts_at)


def withdraw(hotline: Hotline, tx: Transaction, member_id: int, swap_id: int) -> Swapped:
    """Who asked wants it no more."""
    hold_rota(tx)  # as answer() does: it is withdrawn or accepted, and both hear the same
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


def _part_of(swap: Any) -> Part:
    return Part(swap.starts_at, swap.ends_at, swap.place)


def _return_of(swap: Any) -> Part | None:
    if swap.back_starts_at is None:
        return None
    return Part(swap.back_starts_at, swap.back_ends_at, swap.back_place)


def _is_over(swap: Any, now: datetime) -> bool:
    back = _return_of(swap)
    return swap.ends_at <= now or (back is not None and back.ends_at <= now)


def _has(tx: Transaction, staff_id: int, part: Part) -> bool:
    """Whether this person is on call in this place from the first moment to the last."""
    theirs = [
        shift
        for shift in list_shifts(tx, part.starts_at, part.ends_at)
        if (shift.staff_id, shift.place) == (staff_id, part.place)
    ]
    return not gaps(theirs, part.starts_at, part.ends_at)
