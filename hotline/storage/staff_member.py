"""A staff member: who may be paged and who may sign in at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    insert,
    select,
    true,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, row_id, utc

ROLES = ("duty", "supervisor", "editor", "coordinator", "admin")
ZONE = "Asia/Phnom_Penh"
PAGED_ROLES = ("duty", "supervisor")

staff = Table(
    "staff",
    metadata,
    row_id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("phone_index", LargeBinary(16), nullable=False, unique=True),
    Column("language", String(8), nullable=False, default="km"),
    Column("password_hash", String(256)),  # None: may be paged, may not sign in
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", utc, nullable=False),
    # How this person may be reached. Times are "22:00" in `zone`; None: the house's usual hours.
    Column("by_sms", Boolean, nullable=False, default=True, server_default=true()),
    Column("by_voice", Boolean, nullable=False, default=True, server_default=true()),
    Column("quiet_from", String(5)),
    Column("quiet_to", String(5)),
    Column("zone", String(40), nullable=False, default=ZONE, server_default=ZONE),
    Column("wrong_codes", Integer, nullable=False, default=0, server_default="0"),
    # For who works by phone (storage.staff_pin). None: cannot claim by key, nor ring in as staff.
    Column("pin_hash", String(256)),
    Column("pin_keys", Integer),  # how many it has
    Column("pin_wrong", Integer, nullable=False, default=0, server_default="0"),
    Column("pin_locked_until", utc),
)

_BY_ID = select(staff).where(staff.c.id == bindparam("staff_id"))
_BY_PHONE = select(staff).where(staff.c.phone_index == bindparam("phone"), staff.c.active.is_(True))
_IN_ROLES = (
    select(staff)
    .where(staff.c.active.is_(True), staff.c.role.in_(bindparam("roles", expanding=True)))
    .order_by(staff.c.id)
)


def add_staff(tx: Transaction, **values: Any) -> int:
    key = tx.execute(insert(staff), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def get_staff(tx: Transaction, staff_id: int) -> Found:
    return tx.execute(_BY_ID, {"staff_id": staff_id}).one()


def find_staff_by_phone(tx: Transaction, index: bytes) -> Found | None:
    return tx.execute(_BY_PHONE, {"phone": index}).first()


def find_staff_by_name(tx: Transaction, name: str) -> Found | None:
    return tx.execute(select(staff).where(staff.c.name == name, staff.c.active.is_(True))).first()


def is_taken(tx: Transaction, name: str, phone_index: bytes) -> tuple[bool, bool]:
    """Whether somebody has, or had, this name; and this phone. Neither is given out twice."""
    names = select(staff.c.id).where(staff.c.name == name)
    phones = select(staff.c.id).where(staff.c.phone_index == phone_index)
    return tx.execute(names).first() is not None, tx.execute(phones).first() is not None


def retire(tx: Transaction, staff_id: int) -> None:
    """Neither paged nor let in from now on; the name stays on what they did."""
    gone = {"active": False, "password_hash": None, "pin_hash": None}
    tx.execute(update(staff).where(staff.c.id == staff_id).values(**gone))


def list_staff(tx: Transaction, roles: Sequence[str] = ROLES) -> Sequence[Found]:
    """Active staff in these roles, in the order they were added."""
    return tx.execute(_IN_ROLES, {"roles": list(roles)}).all()


def set_password(tx: Transaction, staff_id: int, password_hash: str) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


def set_language(tx: Transaction, staff_id: int, language: str) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(language=language))


def set_reach(tx: Transaction, staff_id: int, **values: Any) -> None:
    """How this person may be paged: by_sms, by_voice, quiet_from, quiet_to, zone."""
    tx.execute(update(staff).where(staff.c.id == staff_id).values(**values))


def count_wrong_code(tx: Transaction, staff_id: int) -> int:
    """One more text with a code that is not open; how many in a row that makes."""
    tx.execute(
        update(staff).where(staff.c.id == staff_id).values(wrong_codes=staff.c.wrong_codes + 1)
    )
    return int(tx.execute(select(staff.c.wrong_codes).where(staff.c.id == staff_id)).scalar() or 0)


def forget_wrong_codes(tx: Transaction, staff_id: int) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(wrong_codes=0))
