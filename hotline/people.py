"""The people of the line, as the admin keeps them: taken on, changed, let go.

Whoever keeps them can neither let go of oneself nor of the last admin: then nobody could any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hotline import audit, letting_go, rota, staffing, verifying
from hotline.parts import Hotline
from hotline.storage.database import Transaction
from hotline.storage.shift import hold_rota
from hotline.storage.staff_member import (
    PAGED_ROLES,
    change_if_version,
    find_staff,
    hold_admins,
)

ADMIN = "admin"


class PersonFault(StrEnum):
    """Why a person was not taken on, changed or let go."""

    NAME_TAKEN = "name_taken"
    PHONE_TAKEN = "phone_taken"
    ONESELF = "oneself_stays"
    LAST_ADMIN = "last_admin"
    CHANGED = "person_changed"  # since the page was opened


@dataclass(frozen=True, slots=True)
class Person:
    """What an admin writes down of a person; `phone` is E.164."""

    name: str
    role: str
    phone: str
    language: str


def take_on(hotline: Hotline, tx: Transaction, new: Person, actor: str) -> int | PersonFault:
    """A new person and a code to their phone; the id."""
    hold_rota(tx)  # two admins who take on the same person at once: the second is told
    fault = _taken(hotline, tx, new, None)
    if fault is not None:
        return fault
    staff_id = staffing.take_on(hotline, tx, new.name, new.phone, new.role, new.language)
    audit.note(tx, hotline.now(), actor, "add_person", f"staff:{staff_id}", new.role)
    verifying.send_code(hotline, tx, staff_id, actor)
    return staff_id


def change(
    hotline: Hotline, tx: Transaction, member: Any, new: Person, version: int, actor: str
) -> PersonFault | None:
    """Name, role, phone, language. A new phone has to be verified; a new role may free shifts."""
    hold_rota(tx)  # before the audit chain, as everybody does
    fault = _taken(hotline, tx, new, member.id)
    if fault is None and new.role != member.role:
        fault = _stays(tx, member, actor)
    if fault is not None:
        return fault
    values: dict[str, Any] = {
        "name": new.name,
        "role": new.role,
        "language": new.language,
    }
    is_new_phone = staffing.phone_of(hotline, member) != new.phone
    if is_new_phone:
        values |= {**staffing.sealed_phone(hotline, new.phone), "phone_verified_at": None}
    changed = _changed(member, values, is_new_phone)
    if not changed:
        return None
    if not change_if_version(tx, member.id, version, **values):
        return PersonFault.CHANGED
    detail = " ".join(changed)
    audit.note(tx, hotline.now(), actor, "change_person", f"staff:{member.id}", detail)
    if is_new_phone:
        verifying.send_code(hotline, tx, member.id, actor)
    if new.role != member.role:
        _follow_role(hotline, tx, member, new.role, actor)
    return None


def change_reach(
    hotline: Hotline,
    tx: Transaction,
    member: Any,
    values: Mapping[str, Any],
    version: int,
    actor: str,
) -> PersonFault | None:
    """How and when this person may be paged: the columns of core.reachability.Reach."""
    changed = [name for name, value in values.items() if getattr(member, name) != value]
    if not changed:
        return None
    if not change_if_version(tx, member.id, version, **values):
        return PersonFault.CHANGED
    detail = " ".join(sorted(changed))
    audit.note(tx, hotline.now(), actor, "set_reach", f"staff:{member.id}", detail)
    return None


def let_go(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> PersonFault | None:
    """They work here no more."""
    hold_rota(tx)  # before the admins, as change() does
    member = find_staff(tx, staff_id)
    if member is None:
        return PersonFault.CHANGED
    fault = _stays(tx, member, actor)
    if fault is None:
        letting_go.let_go(hotline, tx, staff_id, actor)
    return fault


def _stays(tx: Transaction, member: Any, actor: str) -> PersonFault | None:
    """Why this person's role is not taken away."""
    if rota.staff_of(actor) == member.id:
        return PersonFault.ONESELF
    is_last = member.role == ADMIN and list(hold_admins(tx)) == [member.id]
    return PersonFault.LAST_ADMIN if is_last else None


def _taken(hotline: Hotline, tx: Transaction, new: Person, but: int | None) -> PersonFault | None:
    has_name, has_phone = staffing.is_taken(hotline, tx, new.name, new.phone, but)
    if has_name:
        return PersonFault.NAME_TAKEN
    return PersonFault.PHONE_TAKEN if has_phone else None


def _changed(member: Any, values: Mapping[str, Any], is_new_phone: bool) -> list[str]:
    plain = ("name", "role", "language")
    changed = [name for name in plain if values[name] != getattr(member, name)]
    return [*changed, "phone"] if is_new_phone else changed


def _follow_role(hotline: Hotline, tx: Transaction, member: Any, role: str, actor: str) -> None:
    """Who is paged no more has neither shifts nor cases; who is paged now gets their turns."""
    if role not in PAGED_ROLES:
        letting_go.hand_over(hotline, tx, member.id, actor)
    else:
        rota.make_shifts(hotline, tx)
