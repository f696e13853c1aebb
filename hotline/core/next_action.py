"""What whoever has a case must do next with it: one thing, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.core.safe_call import QUIET_SIGN, SAID_NO, Gate


class Do(StrEnum):
    """One thing to do."""

    ANSWER_PHONE = "answer_phone"
    TALK = "talk"  # a call is under way
    WRITE_DOWN = "write_down"  # a call is over and nobody said how it went
    ASK_SUPERVISOR = "ask_supervisor"
    DECIDE = "decide"  # the same, seen by a supervisor
    CALL = "call"
    WAIT = "wait"  # until the time has come
    CANNOT_CALL = "cannot_call"  # no number, or one that must not be rung
    LOOK_AGAIN = "look_again"


@dataclass(frozen=True, slots=True)
class NextAction:
    """`at`: by when, or for WAIT from when; None: now."""

    do: Do
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Of a call through the line: whether one is under way, or nobody said how it went."""

    rings_staff: bool = False
    under_way: bool = False
    untold: bool = False


def next_action(
    gate: Gate,
    call: Call,
    what: str | None,
    due: datetime | None,
    now: datetime,
    *,
    is_supervisor: bool,
) -> NextAction:
    """`what` and `due` are of the follow-up (storage.follow_up), None where there is none."""
    running = _running(call)
    if running is not None:
        return NextAction(running)
    if what == "supervisor_decides" or gate.why in (QUIET_SIGN, SAID_NO):
        return NextAction(Do.DECIDE if is_supervisor else Do.ASK_SUPERVISOR, due)
    if what in (None, "follow_up"):
        return NextAction(Do.LOOK_AGAIN, due)
    is_later = what != "first_attempt" and due is not None and due > now
    if gate.opens_at is not None or (is_later and gate.allowed):
        return NextAction(Do.WAIT, _later(gate.opens_at, due if is_later else None))
    return NextAction(Do.CALL if gate.allowed else Do.CANNOT_CALL, due)


def _running(call: Call) -> Do | None:
    if call.rings_staff:
        return Do.ANSWER_PHONE
    if call.under_way:
        return Do.TALK
    return Do.WRITE_DOWN if call.untold else None


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [moment for moment in (one, other) if moment is not None]
    return max(known, default=None)
