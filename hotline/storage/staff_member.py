"""A staff member: who may be paged and who may sign in at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    select,
    true,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, row_id, utc
from hotline.storage.writing import change_seen, insert_row

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
    Column("let_in_at", utc),  # last signed in, or invited; long ago: not let in any more
    Column("phone_verified_at", utc),  # a code that was sent there was typed; None: not verified
    Column("phone_lost_at", utc),  # nothing is sent there, and nothing from there is taken
    Column("version", Integer, nullable=False, default=1, server_default="1"),  # optimistic lock
)

_BY_ID = select(staff).where(staff.c.id == bindparam("staff_id"))
_BY_PHONE = select(staff).where(staff.c.phone_index == bindparam("phone"), staff.c.active.is_(True))
_NOT_LOST = staff.c.phone_lost_at.is_(None)
_IN_ROLES = (
    select(staff)
    .where(staff.c.active.is_(True), staff.c.role.in_(bindparam("roles", expanding=True)))
    .order_by(staff.c.id)
)


def add_staff(tx: Transaction, **values: Any) -> int:
    return insert_row(tx, staff, **values)


def get_staff(tx: Transaction, staff_id: int) -> Found:
    return tx.execute(_BY_ID, {"staff_id": staff_id}).one()


def hold_staff(tx: Transaction, staff_id: int) -> Found:
    """The same; nobody else changes this person until the transaction ends."""
    return tx.execute(_BY_ID.with_for_update(key_share=True), {"staff_id": staff_id}).one()


def find_staff(tx: Transaction, staff_id: int) -> Found | None:
    """The same, of who is here; None for nobody and for who has left."""
    found = tx.execute(_BY_ID, {"staff_id": staff_id}).first()
    return found if found is not None and found.active else None


def find_staff_by_phone(tx: Transaction, index: bytes) -> Found | None:
    """Whoever has this phone, also where it was lost."""
    return tx.execute(_BY_PHONE, {"phone": index}).first()


def find_staff_by_name(tx: Transaction, name: str) -> Found | None:
    return tx.execute(select(staff).where(staff.c.name == name, staff.c.active.is_(True))).first()


def is_taken(
    tx: Transaction, name: str, phone_index: bytes, but: int | None = None
) -> tuple[bool, bool]:
    """Whether somebody (other than `but`) has, or had, this name; and this phone.

    Neither is given out twice.
    """
    others = staff.c.id != (but or 0)
    names = select(staff.c.id).where(staff.c.name == name, others)
    phones = select(staff.c.id).where(staff.c.phone_index == phone_index, others)
    return tx.execute(names).first() is not None, tx.execute(phones).first() is not None


def retire(tx: Transaction, staff_id: int) -> None:
    """Neither paged nor let in from now on; the name stays on what they did."""
    gone = {"active": False, "password_hash": None, "pin_hash": None}
    tx.execute(update(staff).where(staff.c.id == staff_id).values(**gone))


def lose_phone(tx: Transaction, staff_id: int, now: datetime) -> None:
    """Whoever holds the phone now is nobody of ours: not paged, not let in, until it is verified.

    The passphrase goes too: browsers of phones keep it.
    """
    lost = {"phone_lost_at": now, "phone_verified_at": None}
    nothing = {"password_hash": None, "pin_hash": None, "pin_keys": None}
    tx.execute(
        update(staff)
        .where(staff.c.id == staff_id)
        .values(**lost, **nothing, version=staff.c.version + 1)
    )


def verify_phone(tx: Transaction, staff_id: int, phone_index: bytes, now: datetime) -> bool:
    """The phone is theirs, and in their hands; False where it is another phone by now."""
    done = tx.execute(
        update(staff)
        .where(staff.c.id == staff_id, staff.c.phone_index == phone_index)
        .values(phone_verified_at=now, phone_lost_at=None, version=staff.c.version + 1)
    )
    return done.rowcount == 1


def change_if_version(tx: Transaction, staff_id: int, version: int, **values: Any) -> bool:
    """False where somebody changed this person since `version` was read, or they have left."""
    return change_seen(tx, staff, staff_id, version, staff.c.active.is_(True), **values)


def hold_admins(tx: Transaction) -> Sequence[int]:
    """The admins who are here; none of them changes until this transaction ends.

    Rows that only name one of them may be written meanwhile: who writes them may have the chain.
    """
    admins = select(staff.c.id).where(staff.c.role == "admin", staff.c.active.is_(True))
    held = admins.order_by(staff.c.id).with_for_update(key_share=True)
    return tx.execute(held).scalars().all()


def list_staff(tx: Transaction, roles: Sequence[str] = ROLES) -> Sequence[Found]:
    """Active staff in these roles, in the order they were added."""
    return tx.execute(_IN_ROLES, {"roles": list(roles)}).all()


def list_reachable(tx: Transaction) -> Sequence[Found]:
    """Who may be paged: active, of the roles that are paged, with a phone that is not lost."""
    return tx.execute(_IN_ROLES.where(_NOT_LOST), {"roles": list(PAGED_ROLES)}).all()


def set_password(tx: Transaction, staff_id: int, password_hash: str) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


def list_passphrases(tx: Transaction) -> Sequence[Found]:
    """Name and hash of everybody who may sign in; readable before an upgrade of the tables too."""
    may_sign_in = staff.c.active.is_(True) & staff.c.password_hash.is_not(None)
    return tx.execute(select(staff.c.name, staff.c.password_hash).where(may_sign_in)).all()


def note_let_in(tx: Transaction, staff_id: int, now: datetime) -> None:
    tx.execute(update(staff).where(staff.c.id == staff_id).values(let_in_at=now))


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


def names_of(tx: Transaction) -> dict[int, str]:
    """The names of all who are or ever were on the staff, by their number."""
    found = tx.execute(select(staff.c.id, staff.c.name).order_by(staff.c.name))
    return {row.id: row.name for row in found}
