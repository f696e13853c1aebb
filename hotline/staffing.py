"""Staff: who is on call, who may be paged, and whose phone a text came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotline.core.escalation import Roster
from hotline.core.reachability import Reach
from hotline.parts import Hotline
from hotline.storage import staff_member
from hotline.storage.database import Transaction
from hotline.storage.shift import staff_on_call
from hotline.storage.staff_member import (
    PAGED_ROLES,
    add_staff,
    find_staff_by_phone,
    list_reachable,
)

LONGEST_NAME = 80
_PURPOSE = "staff phone"
_CONTEXT = "staff.phone"


def tidy_name(typed: str) -> str:
    """As a name is kept and looked for; "" for what cannot be one."""
    name = unicodedata.normalize("NFC", typed).strip()
    return name if len(name) <= LONGEST_NAME and name.isprintable() else ""


def take_on(
    hotline: Hotline, tx: Transaction, name: str, number: str, role: str, language: str = "km"
) -> int:
    """A new staff member with this E.164 phone; the id."""
    return add_staff(
        tx,
        name=name,
        role=role,
        **sealed_phone(hotline, number),
        language=language,
        active=True,
        created_at=hotline.now(),
    )


def sealed_phone(hotline: Hotline, number: str) -> dict[str, Any]:
    """The columns of an E.164 phone, as it is kept."""
    return {
        "phone_sealed": hotline.vault.encrypt(number.encode(), _CONTEXT),
        "phone_index": hotline.vault.index(_PURPOSE, number),
    }


def is_taken(
    hotline: Hotline, tx: Transaction, name: str, number: str, but: int | None = None
) -> tuple[bool, bool]:
    """Whether this name, and this E.164 phone, belong or belonged to somebody (but this one)."""
    return staff_member.is_taken(tx, name, hotline.vault.index(_PURPOSE, number), but)


def roster(tx: Transaction, now: datetime) -> Roster:
    """Who could be paged now."""
    everyone = list_reachable(tx)
    return Roster(
        on_call=staff_on_call(tx, now),
        supervisors=_ids([member for member in everyone if member.role == "supervisor"]),
        everyone=_ids(everyone),
    )


def is_anyone_on_duty(tx: Transaction, now: datetime) -> bool:
    return bool(staff_on_call(tx, now))


def whose_phone(hotline: Hotline, tx: Transaction, number: str) -> Any | None:
    """The staff member who speaks from this phone, or None; a lost phone is a stranger's."""
    member = find_staff_by_phone(tx, hotline.vault.index(_PURPOSE, number))
    return member if member is not None and is_trusted(member) else None


def is_phone_of_staff(hotline: Hotline, tx: Transaction, number: str) -> bool:
    """Whether it belongs to somebody here, lost or not."""
    return find_staff_by_phone(tx, hotline.vault.index(_PURPOSE, number)) is not None


def is_trusted(member: Any) -> bool:
    """Whether what comes from this person's phone is theirs, and something may be sent there."""
    return bool(member.active) and member.phone_lost_at is None


def may_be_paged(member: Any) -> bool:
    """Whether cases are this person's work, and their phone is theirs."""
    return is_trusted(member) and member.role in PAGED_ROLES


def reach_of(member: Any) -> Reach:
    """How, and when, this staff member may be paged."""
    return Reach(member.by_sms, member.by_voice, member.quiet_from, member.quiet_to, member.zone)


def phone_of(hotline: Hotline, member: Any) -> str:
    return hotline.vault.decrypt(member.phone_sealed, _CONTEXT).decode()


def _ids(members: Sequence[Any]) -> list[int]:
    return [member.id for member in members]
