"""The gate before every ring: what the plan says, whose number it is, what was tried before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hotline import audit, callers, cases, paging, staffing
from hotline.core import safe_call
from hotline.core.attempt_plan import SupervisorDecides, next_attempt
from hotline.core.phone_number import normalise
from hotline.core.safe_call import (
    CASE_CLOSED,
    FORGOTTEN,
    SUPERVISORS,
    Gate,
    fault_of_number,
    number_in_plan,
    opens_quietly,
)
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage.attempt import last_attempts_of
from hotline.storage.case import CLOSED, add_event
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff
from hotline.told import Told

OPENING, QUIET_OPENING = "V_CB_OUTGOING", "V_CB_OUTGOING_QUIET"
TO_SUPERVISORS = "STAFF_OVERRIDE"


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller told, and the phone to be rung: in E.164 where it can be, or None."""

    told: Told
    number: str | None = field(repr=False)


def known_of(hotline: Hotline, tx: Transaction, case: Any) -> Known | None:
    """None once it was shredded."""
    told = cases.read_if_kept(hotline, tx, case)
    return Known(told, number_to_ring(hotline, tx, case, told)) if told is not None else None


def gate(hotline: Hotline, tx: Transaction, case: Any, known: Known | None = None) -> Gate:
    """Whether this caller may be rung now; asked again before every ring."""
    if case.state == CLOSED:
        return Gate(False, CASE_CLOSED)
    known = known or known_of(hotline, tx, case)
    if known is None:
        return Gate(False, FORGOTTEN)
    fault, told, now = _fault(hotline, tx, known.number), known.told, hotline.now()
    said = (told.plan, told.notes, case.flags, case.priority)
    found = safe_call.gate(*said, now, number_fault=fault)
    if not found.allowed:
        return found
    tried = [(row.at, row.outcome) for row in last_attempts_of(tx, case.id)]
    due = next_attempt(*said, tried, now)
    return (
        Gate(False, due.why, override=SUPERVISORS) if isinstance(due, SupervisorDecides) else found
    )


def may_call(case: Any, member: Any) -> bool:
    """Whether it is this person who brings somebody to the caller, if anybody does."""
    return case.claimed_by == member.id or member.role in ("supervisor", "admin")


def _fault(hotline: Hotline, tx: Transaction, number: str | None) -> str | None:
    own = (hotline.settings.number, *hotline.settings.missed_call_numbers)
    lines = {*own, *(carrier.line for carrier in hotline.carriers.values())}
    plain = normalise(number) if number is not None else None
    is_staff = plain is not None and staffing.is_phone_of_staff(hotline, tx, plain)
    return fault_of_number(number, lines, is_staff=is_staff)


def number_to_ring(hotline: Hotline, tx: Transaction, case: Any, told: Told) -> str | None:
    """In E.164 where it can be; only to be handed to a carrier."""
    known = case.caller_id is not None
    calling = callers.number_of(hotline, tx, case.caller_id) if known else None
    number = number_in_plan(told.plan, calling)
    return (normalise(number) or number) if number is not None else None


def opening(hotline: Hotline, tx: Transaction, case: Any) -> str:
    """The prompt with which this caller is greeted."""
    told = cases.read(hotline, tx, case)
    return QUIET_OPENING if opens_quietly(told.plan, case.flags) else OPENING


def language_of(tx: Transaction, case: Any) -> str:
    """The language this caller chose on the line."""
    chosen = callers.get(tx, case.caller_id).language if case.caller_id is not None else None
    return chosen or "km"


def note_override(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, shut: Gate, reason: str
) -> None:
    """A caller is rung although the gate is shut: it is on the case, and the supervisors hear."""
    now = hotline.now()
    add_event(tx, case.id, "overridden", now, code=shut.why, staff_id=member.id)
    cases.add_note(hotline, tx, case, member.id, reason)
    audit.note(tx, now, f"staff:{member.id}", "override_gate", f"case:{case.ref}", shut.why)
    saying = Saying(TO_SUPERVISORS, (("ref", case.ref),))
    for supervisor in staffing.roster(tx, now).supervisors:
        if supervisor != member.id:
            key = f"override:{case.id}:{int(now.timestamp())}:{supervisor}"
            paging.tell(hotline, tx, get_staff(tx, supervisor), saying, case.id, key)
