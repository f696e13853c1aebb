"""The authenticator app of a staff member: its secret, sealed, and the last step it was used in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc

authenticators = Table(
    "authenticator",
    metadata,
    row_id(),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("made_at", utc, nullable=False),
    Column("confirmed_at", utc),  # None: shown, and no code of it was typed yet
    Column("last_step", BigInteger),  # of 30 seconds since 1970; a code is good once
    Index("authenticator_of_staff", "staff_id"),
)

_OURS = authenticators.c


def add_authenticator(tx: Transaction, staff_id: int, sealed: bytes, now: datetime) -> None:
    """One that is only shown so far, in place of any other that was only shown."""
    tx.execute(
        delete(authenticators).where(_OURS.staff_id == staff_id, _OURS.confirmed_at.is_(None))
    )
    values = {"staff_id": staff_id, "secret_sealed": sealed, "made_at": now}
    tx.execute(insert(authenticators), values)


def find_authenticator(tx: Transaction, staff_id: int, *, confirmed: bool) -> Found | None:
    is_confirmed = _OURS.confirmed_at.is_not(None) if confirmed else _OURS.confirmed_at.is_(None)
    return tx.execute(
        select(authenticators)
        .where(_OURS.staff_id == staff_id, is_confirmed)
        .order_by(_OURS.id.desc())
    ).first()


def confirm_authenticator(tx: Transaction, found: Found, now: datetime) -> None:
    """From now on it counts, and the one before it does not."""
    tx.execute(delete(authenticators).where(_OURS.staff_id == found.staff_id, _OURS.id != found.id))
    tx.execute(update(authenticators).where(_OURS.id == found.id).values(confirmed_at=now))


def take_step(tx: Transaction, authenticator_id: int, step: int) -> bool:
    """Use up the code of this step and of all before it; False if that was done already."""
    is_new = or_(_OURS.last_step.is_(None), _OURS.last_step < step)
    done = tx.execute(
        update(authenticators).where(_OURS.id == authenticator_id, is_new).values(last_step=step)
    )
    return done.rowcount == 1


def remove_authenticators(tx: Transaction, staff_id: int) -> int:
    return tx.execute(delete(authenticators).where(_OURS.staff_id == staff_id)).rowcount
