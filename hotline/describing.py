"""What a case was about, where and for whom, as staff write it down for the counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hotline import audit
from hotline.parts import Hotline
from hotline.storage.case import add_event
from hotline.storage.case_change import describe_if_version
from hotline.storage.database import Transaction
from hotline.told import Told, box_of

CONTACTS = ("child_self", "about_child", "adult_self", "other")
RELATIONS = ("parent", "relative", "neighbour", "teacher", "friend", "authority", "other")
AGES = ("0_5", "6_11", "12_14", "15_17", "18_24", "25_up")
GENDERS = ("girl", "boy", "other")
LIVING = (
    "parents",
    "one_parent",
    "relatives",
    "alone",
    "employer",
    "institution",
    "street",
    "other",
)
VULNERABLE = ("moved", "moved_by_force", "poverty", "disability", "minority", "out_of_school")
HEARD = ("club", "school", "poster", "friend_family", "authority", "radio_online", "other")

FACTS: Mapping[str, tuple[str, ...]] = {
    "contact": CONTACTS,
    "relation": RELATIONS,
    "age": AGES,
    "gender": GENDERS,
    "living": LIVING,
    "vulnerable": VULNERABLE,  # several of them
    "heard": HEARD,
}
"""What may be known of who called and of the child: codes that count, never words."""


def describe(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member_id: int,
    *,
    chi: str | None,
    local: str | None,
    place: str | None,
    facts: Mapping[str, str | list[str]],
    version: int,
) -> bool:
    """Write it down; False when somebody changed the case since its reader saw `version`.

    A closed case may still be described: counts are often made up afterwards.
    """
    sealed = json.dumps(facts, sort_keys=True).encode()
    done = describe_if_version(
        tx,
        case.id,
        version,
        chi=chi,
        local_code=local,
        place=place,
        facts_sealed=box_of(hotline, tx, case.id).encrypt(sealed, "facts"),
    )
    if done:
        now = hotline.now()
        add_event(tx, case.id, "described", now, staff_id=member_id)
        fields = "chi,local_code,place,facts"
        audit.note(tx, now, f"staff:{member_id}", "describe", f"case:{case.ref}", fields)
    return done


def facts_of(told: Told, case: Any) -> dict[str, str | list[str]]:
    """What was written down, for who may read the case."""
    if case.facts_sealed is None:
        return {}
    found: dict[str, str | list[str]] = json.loads(told.words(case.facts_sealed, "facts"))
    return found
