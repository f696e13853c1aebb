"""Bridges: begin one, ring the caller, note what came of it once, close what nobody told us of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from hotline import audit, callers, cases, outbox, paging, safe_calling
from hotline.core.bridge_call import (
    APART,
    CALLER,
    GIVEN_UP,
    NO_ANSWER,
    NO_NEWS,
    NO_STAFF,
    NOT_CALLED,
    REACHED,
    RING_SECONDS,
    SCREENED,
    STAFF,
    TALKING,
    outcome_of_ring,
    ticket_of,
)
from hotline.core.delivery import CANCELLED, FAILED, PENDING, UNDELIVERED
from hotline.core.turn import Connect, Dialled, HungUp, Saying, TheEnd, Wait
from hotline.one_by_one import one_by_one
from hotline.parts import Hotline
from hotline.storage import bridge as table
from hotline.storage.attempt import OUTCOMES
from hotline.storage.case import CLOSED, add_event, change_case, get_case
from hotline.storage.database import Transaction
from hotline.storage.follow_up import FIRST_ATTEMPT, set_follow_up

NO_NEWS_FOR = timedelta(minutes=10)
"""A bridge that is not talking and of which nothing was heard for so long is over."""

LONGEST_TALK = timedelta(hours=2)
"""Nothing is heard of two people who talk; after so long nobody does any more."""


@dataclass(frozen=True, slots=True)
class Bridging:
    """A caller is about to be rung: what the staff member on the line hears and waits for."""

    bridge_id: int
    say: tuple[Saying, ...]
    wait: Wait
    rings: frozenset[str]


def begin(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, *, overridden: bool
) -> int | None:
    """A new bridge; None when this case has one under way."""
    _clear_the_way(hotline, tx, case, member)
    now = hotline.now()
    return table.begin_bridge(
        tx,
        case_id=case.id,
        staff_id=member.id,
        state=STAFF,
        overridden=overridden,
        started_at=now,
        news_at=now,
    )


def _clear_the_way(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> None:
    """Who asks anew is not on their last bridge any more, where they would have to be on the line.

    One that rings the caller by a call apart is left alone: that caller must not be rung twice.
    """
    left = table.open_bridge_of(tx, case.id)
    if left is not None and left.staff_id == member.id and left.mode != APART:
        settle(hotline, tx, left, REACHED if left.accepted_at is not None else GIVEN_UP)


def ring_caller(
    hotline: Hotline, tx: Transaction, bridge_id: int, case: Any, carrier: str
) -> Bridging | None:
    """The staff member is on the line and pressed 1: now the caller's phone rings, once.

    None when it has been rung already, or the bridge is over.
    """
    told = cases.read(hotline, tx, case)
    number = safe_calling.number_to_ring(hotline, tx, case, told)
    if number is None:
        return None
    screens = hotline.carriers[carrier].capabilities.screens
    mode, now = SCREENED if screens else APART, hotline.now()
    if not table.advance(tx, bridge_id, STAFF, now, state=CALLER, mode=mode):
        return None
    row = table.get_bridge(tx, bridge_id)
    assert row is not None
    add_event(tx, case.id, "calling", now, code=mode, staff_id=row.staff_id)
    audit.note(tx, now, f"staff:{row.staff_id}", "call_caller", f"case:{case.ref}", mode)
    if screens:
        wait = Connect(number, RING_SECONDS, ticket_of(bridge_id))
        return Bridging(bridge_id, (Saying("V_STAFF_CONNECTING"),), wait, frozenset())
    _place_call(hotline, tx, bridge_id, case, number)
    return Bridging(bridge_id, (Saying("V_STAFF_PUT_DOWN"),), TheEnd(), frozenset({"calls"}))


def _place_call(hotline: Hotline, tx: Transaction, bridge_id: int, case: Any, number: str) -> None:
    item = outbox.put_call(
        hotline,
        tx,
        safe_calling.opening(hotline, tx, case),
        f"bridge:{bridge_id}:caller",
        caller_id=case.caller_id or callers.meet(hotline, tx, number).id,
        case_id=case.id,
        number=number,
    )
    table.advance(tx, bridge_id, CALLER, hotline.now(), caller_item_id=item)


def accept(hotline: Hotline, tx: Transaction, bridge_id: int) -> bool:
    """The caller pressed 1; False when the bridge is over already."""
    now = hotline.now()
    if not table.advance(tx, bridge_id, CALLER, now, state=TALKING, accepted_at=now):
        return False
    row = table.get_bridge(tx, bridge_id)
    assert row is not None
    case = get_case(tx, row.case_id)
    add_event(tx, case.id, "connected", now, staff_id=row.staff_id)
    if case.first_attempt_at is None:
        change_case(tx, case.id, first_attempt_at=now)
    if case.first_attempt_at is None and case.state != CLOSED:
        # Nobody is reminded to call while they do; how it went must be known by then.
        set_follow_up(tx, case.id, FIRST_ATTEMPT, now + LONGEST_TALK)
    return True


def settle(hotline: Hotline, tx: Transaction, row: Any, outcome: str) -> bool:
    """How it went, once: an attempt where it was one. False when that was known."""
    end(hotline, tx, row)
    if not table.settle_bridge(tx, row.id, outcome):
        return False
    case = get_case(tx, row.case_id)
    if outcome in OUTCOMES:
        cases.note_attempt(hotline, tx, case, row.staff_id, outcome, "")
    else:
        add_event(tx, case.id, "bridge_ended", hotline.now(), code=outcome, staff_id=row.staff_id)
    if outcome in (NO_STAFF, NO_NEWS) or (outcome == NOT_CALLED and row.state == CALLER):
        tell_holder(hotline, tx, case, f"bridge:{row.id}:{outcome}")
    return True


def end(hotline: Hotline, tx: Transaction, row: Any) -> None:
    """Nobody is on it any more; a call that has not gone out never will."""
    now = hotline.now()
    table.end_bridge(tx, row.id, now)
    table.take_back_calls(tx, row, now)


def tell_holder(hotline: Hotline, tx: Transaction, case: Any, key: str) -> None:
    """Page whoever has the case; where nobody has it, the ladder is due at once."""
    if case.claimed_by is None:
        paging.hurry(hotline, tx, case.id)
    else:
        paging.page(hotline, tx, case.id, case.claimed_by, key)


def talk_over(
    hotline: Hotline, tx: Transaction, bridge_id: int, turn: Dialled | HungUp
) -> str | None:
    """What came of a bridge whose staff member hears that the other phone is gone, or hangs up.

    One of attempt.OUTCOMES; None after a talk, when only the staff member knows: ask, and tell
    `note_outcome`. Who hangs up instead is not asked: then what is known is noted.
    """
    row = table.get_bridge(tx, bridge_id)
    if row is None:
        return NO_ANSWER
    if row.outcome is None:
        if row.accepted_at is not None and isinstance(turn, Dialled):
            end(hotline, tx, row)
            return None
        settle(hotline, tx, row, _outcome(row, turn))
        row = table.get_bridge(tx, bridge_id)
        assert row is not None
    return str(row.outcome) if row.outcome in OUTCOMES else NO_ANSWER


def _outcome(row: Any, turn: Dialled | HungUp) -> str:
    if row.accepted_at is not None:
        return REACHED
    if isinstance(turn, Dialled):
        return outcome_of_ring(turn.status)
    return GIVEN_UP if row.state == CALLER else NOT_CALLED


def note_outcome(hotline: Hotline, tx: Transaction, bridge_id: int, outcome: str) -> None:
    """How it went, as the staff member keyed it; what was noted before stands."""
    if outcome not in OUTCOMES:
        raise ValueError(f"a bridge ends as one of {', '.join(OUTCOMES)}")
    row = table.get_bridge(tx, bridge_id)
    if row is not None:
        settle(hotline, tx, row, outcome)


# ---------------------------------------------------------------- what nobody told us


def close_stale(hotline: Hotline) -> int:
    """Close bridges whose end was lost, or whose call could not be placed; how many."""
    now = hotline.now()
    with hotline.reading() as tx:
        found = table.unsettled_bridges(tx, now - NO_NEWS_FOR, now - LONGEST_TALK)
    return one_by_one(partial(_close_one, hotline), found, "bridge")


def _close_one(hotline: Hotline, bridge_id: int) -> bool:
    with hotline.transaction() as tx:
        row = table.get_bridge(tx, bridge_id)
        return row is not None and close_lost(hotline, tx, row)


def close_lost(hotline: Hotline, tx: Transaction, row: Any) -> bool:
    """Settle with what is known of a bridge of which nothing more will be heard."""
    return row.outcome is None and settle(hotline, tx, row, _known_outcome(tx, row))


def _known_outcome(tx: Transaction, row: Any) -> str:
    if row.accepted_at is not None:
        return REACHED if row.mode == SCREENED or row.ended_at is not None else NO_NEWS
    if row.state == STAFF:
        return NOT_CALLED
    item = table.item_of(tx, row.caller_item_id)
    if item is None:
        return NO_NEWS
    if item.state == UNDELIVERED:
        return outcome_of_ring(item.error or "")
    return NOT_CALLED if item.state in (FAILED, CANCELLED, PENDING) else NO_NEWS
