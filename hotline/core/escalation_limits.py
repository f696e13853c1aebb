"""What a ladder and the clocks may not be, whoever sets them: codes of what is wrong, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotline.core.escalation import BY, WHOM, Clock, Policy, Rung
from hotline.core.reachability import DAY_AND_NIGHT

MINUTE, HOUR = 60, 3600
LONGEST_GAP, LONGEST_CALM_GAP = HOUR, 24 * HOUR
"""So long at most may a ladder be silent while nobody has the case."""

LONGEST_CLOCK = 14 * 24 * HOUR
LONGEST_URGENT = 12 * HOUR
"""Whoever took an urgent case and does nothing is reminded, and has it no more, the same day."""

MOST_RUNGS = 8

NO_RUNG = "no_rung"
LATE_FIRST = "late_first"
NOT_IN_ORDER = "not_in_order"
TOO_LONG_SILENT = "too_long_silent"
TOO_FAST = "too_fast"
TOO_MANY_ANSWERS = "too_many_answers"
UNKNOWN = "unknown"
TOO_SHORT = "too_short"
TOO_LONG = "too_long"
URGENT_TOO_LONG = "urgent_too_long"
CALLED_BEFORE_TAKEN = "called_before_taken"
URGENT_WAITS_LONGER = "urgent_waits_longer"


def ladder_faults(policy: Policy) -> dict[str, str]:
    """What is wrong, by field: "rung-1-after", "repeat_every", "acknowledge"; empty: nothing."""
    rungs = policy.rungs
    if not 0 < len(rungs) <= MOST_RUNGS:
        return {"rungs": NO_RUNG}
    longest = LONGEST_CALM_GAP if policy.is_calm else LONGEST_GAP
    found = {f"rung-{place}": UNKNOWN for place, rung in enumerate(rungs) if not _is_known(rung)}
    found |= _order_faults(rungs, longest)
    if policy.repeat_every < MINUTE:
        found["repeat_every"] = TOO_FAST
    elif policy.repeat_every > longest:
        found["repeat_every"] = TOO_LONG_SILENT
    if not 1 <= policy.acknowledge <= len({rung.page for rung in rungs}):
        found["acknowledge"] = TOO_MANY_ANSWERS
    return found


def _is_known(rung: Rung) -> bool:
    return rung.page in WHOM and rung.by in BY


def _order_faults(rungs: Sequence[Rung], longest: int) -> dict[str, str]:
    found = {"rung-0-after": LATE_FIRST} if rungs[0].after != 0 else {}
    for place, (one, other) in enumerate(zip(rungs, rungs[1:], strict=False), start=1):
        if other.after <= one.after:
            found[f"rung-{place}-after"] = NOT_IN_ORDER
        elif other.after - one.after > longest:
            found[f"rung-{place}-after"] = TOO_LONG_SILENT
    return found


def _span_faults(clock: Clock) -> dict[str, str]:
    spans = {name: getattr(clock, name) for name in ("claim", "attempt", "lapse", "follow_up")}
    found = {name: TOO_SHORT for name, seconds in spans.items() if seconds < MINUTE}
    found |= {name: TOO_LONG for name, seconds in spans.items() if seconds > LONGEST_CLOCK}
    if clock.attempt < clock.claim:
        found.setdefault("attempt", CALLED_BEFORE_TAKEN)
    return found


def _urgent_faults(clock: Clock) -> dict[str, str]:
    spans = {"claim": clock.claim, "attempt": clock.attempt, "lapse": clock.lapse}
    return {name: URGENT_TOO_LONG for name, seconds in spans.items() if seconds > LONGEST_URGENT}


def clock_faults(clocks: Mapping[str, Clock]) -> dict[str, str]:
    """What is wrong, by field: "P1-attempt". The more urgent may not wait longer than the less."""
    found: dict[str, str] = {}
    for priority, clock in clocks.items():
        faults = _span_faults(clock) | (_urgent_faults(clock) if priority in DAY_AND_NIGHT else {})
        found |= {f"{priority}-{name}": code for name, code in faults.items()}
    order = sorted(clocks)
    for urgent, calmer in zip(order, order[1:], strict=False):
        for name in ("claim", "attempt"):
            if getattr(clocks[urgent], name) > getattr(clocks[calmer], name):
                found.setdefault(f"{urgent}-{name}", URGENT_WAITS_LONGER)
    return found
