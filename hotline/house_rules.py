"""What a supervisor set at the desk, or else what the files and the environment say.

Asked of the database each time: what was set holds in every process from the next case on, and a
case that runs keeps the ladder that was frozen on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hotline import audit
from hotline.core import reachability
from hotline.core.escalation import Clock, Policy
from hotline.core.escalation_file import PRIORITIES
from hotline.core.reachability import DAY_AND_NIGHT, QUIET_FROM, QUIET_TO, Reach
from hotline.parts import Hotline
from hotline.storage import house_rule as table
from hotline.storage.database import Transaction
from hotline.storage.escalation import get_escalation

STAFF_QUIET = "staff_quiet"  # {"from": "21:00", "to": "07:00"}: calm pages wait
RING_BACK_QUIET = "ring_back_quiet"  # the same: no missed call is rung back
REHEARSAL = "rehearsal"  # {"weekly": "wed 10:00"} or "off"
DAILY_WORD = "daily_word"  # {"at": "07:30"} or "off": the supervisors' morning text
CLOCKS = "clocks"  # {"P0": [claim, attempt, lapse, follow_up], ...} in seconds
LADDER = "ladder."  # with its name: Policy.as_data() without the clock
MORNING = "07:30"


def policy_of(hotline: Hotline, tx: Transaction, priority: str) -> Policy:
    """The ladder and the clocks of a new case."""
    written = hotline.policies.of(priority)
    return _as_set(written, priority, table.values_of(tx, (LADDER + written.name, CLOCKS)))


def policy_of_case(hotline: Hotline, tx: Transaction, case: Any) -> Policy:
    """The ladder and the clocks that were frozen on this case; today's where it has none."""
    row = get_escalation(tx, case.id)
    if row is not None:
        return Policy.from_data(row.policy)
    return policy_of(hotline, tx, case.priority)


def all_policies(hotline: Hotline, tx: Transaction) -> dict[str, Policy]:
    """The same for every priority, in one question."""
    written = {priority: hotline.policies.of(priority) for priority in PRIORITIES}
    found = table.values_of(tx, {CLOCKS, *(LADDER + policy.name for policy in written.values())})
    return {priority: _as_set(policy, priority, found) for priority, policy in written.items()}


def _as_set(written: Policy, priority: str, found: Mapping[str, Any]) -> Policy:
    """As the file says, but for what `found` has of it."""
    ladder, policy = LADDER + written.name, written
    if ladder in found:
        policy = replace(Policy.from_data(found[ladder]), clock=written.clock)
    if priority in found.get(CLOCKS, {}):
        policy = replace(policy, clock=Clock(*found[CLOCKS][priority]))
    return policy


def staff_quiet(tx: Transaction) -> tuple[str, str]:
    """The quiet hours of staff who have set none of their own."""
    found = table.values_of(tx, (STAFF_QUIET,)).get(STAFF_QUIET)
    return (found["from"], found["to"]) if found else (QUIET_FROM, QUIET_TO)


def held_until(tx: Transaction, priority: str, reach: Reach, now: datetime) -> datetime | None:
    """As core.reachability says, with the house's quiet hours as they were set."""
    if priority in DAY_AND_NIGHT:
        return None
    has_own = reach.quiet_from and reach.quiet_to
    house = (QUIET_FROM, QUIET_TO) if has_own else staff_quiet(tx)
    return reachability.held_until(priority, reach, now, house)


def ring_back_quiet(hotline: Hotline, tx: Transaction) -> str:
    """`21:00-07:00`, as core.missed_call reads it."""
    found = table.values_of(tx, (RING_BACK_QUIET,)).get(RING_BACK_QUIET)
    return f"{found['from']}-{found['to']}" if found else hotline.settings.quiet_hours


def weekly_rehearsal(hotline: Hotline, tx: Transaction) -> str:
    """`wed 10:00` or `off`, as core.weekly_time reads it."""
    found = table.values_of(tx, (REHEARSAL,)).get(REHEARSAL)
    return str(found["weekly"]) if found else hotline.settings.rehearsal


def daily_word(hotline: Hotline, tx: Transaction) -> str:
    """`07:30` or `off`."""
    found = table.values_of(tx, (DAILY_WORD,)).get(DAILY_WORD)
    return str(found["at"]) if found else hotline.settings.morning_text


def set_rule(
    hotline: Hotline,
    tx: Transaction,
    name: str,
    value: Mapping[str, Any],
    version: int,
    staff_id: int,
) -> bool:
    """False when somebody else set it since `version` was read: nothing is changed then."""
    now = hotline.now()
    if not table.set_rule(tx, name, dict(value), version, staff_id, now):
        return False
    audit.note(tx, now, f"staff:{staff_id}", "set_rule", f"rule:{name}")
    return True
