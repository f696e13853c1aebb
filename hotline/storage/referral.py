"""Referrals of a case to a service, and the steps of each handover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)

from hotline.core.referral import HANDED, REFUSED
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import change_seen

referrals = Table(
    "referral",
    metadata,
    row_id(),
    Column("case_id", BigId, ForeignKey("cases.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1 is the first of its case
    Column("service_id", BigId, ForeignKey("service.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", String(8), nullable=False),  # the caller's, when asked: core.referral.ANSWERS
    Column("said_by", String(8)),
    Column("fields", JSON, nullable=False),  # names of what may be passed on
    Column("words_sealed", LargeBinary),  # staff's own, for the sheet
    Column("reason_sealed", LargeBinary),  # why without consent
    Column("asked_at", utc, nullable=False),
    Column("asked_by", BigId, ForeignKey("staff.id"), nullable=False),
    Column("changed_at", utc, nullable=False),
    Column("due_at", utc),  # by when the service's word is missed; None: nothing is awaited
    Column("version", Integer, nullable=False, default=1),
    UniqueConstraint("case_id", "number"),
)
Index(
    "referral_due",
    referrals.c.due_at,
    sqlite_where=referrals.c.due_at.is_not(None),
    postgresql_where=referrals.c.due_at.is_not(None),
)
referral_steps = Table(
    "referral_step",
    metadata,
    row_id(),
    Column("referral_id", BigId, ForeignKey("referral.id"), nullable=False),
    Column("at", utc, nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("what", String(16), nullable=False),
    Column("words_sealed", LargeBinary),  # who took it, or why it failed
    Index("step_of_referral", "referral_id", "at"),
)


def add_referral(tx: Transaction, case_id: int, **values: Any) -> int:
    """The number it has in its case."""
    last = tx.execute(select(func.max(referrals.c.number)).where(referrals.c.case_id == case_id))
    number = (last.scalar() or 0) + 1
    tx.execute(insert(referrals), {"case_id": case_id, "number": number, "version": 1, **values})
    return int(number)


def get_referral(tx: Transaction, case_id: int, number: int) -> Found | None:
    wanted = (referrals.c.case_id == case_id, referrals.c.number == number)
    return tx.execute(select(referrals).where(*wanted)).first()


def referrals_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    """Newest first, with the name of the service."""
    service = metadata.tables["service"]
    names = (service.c.name_km, service.c.name_en, service.c.phones, service.c.is_authority)
    return tx.execute(
        select(referrals, *names)
        .select_from(referrals.join(service, service.c.id == referrals.c.service_id))
        .where(referrals.c.case_id == case_id)
        .order_by(referrals.c.number.desc())
    ).all()


def change_referral(tx: Transaction, referral_id: int, version: int, **values: Any) -> bool:
    """False where somebody wrote down another step meanwhile."""
    return change_seen(tx, referrals, referral_id, version, **values)


def add_step(
    tx: Transaction,
    referral_id: int,
    staff_id: int,
    what: str,
    now: datetime,
    words: bytes | None = None,
) -> None:
    tx.execute(
        insert(referral_steps),
        {
            "referral_id": referral_id,
            "at": now,
            "staff_id": staff_id,
            "what": what,
            "words_sealed": words,
        },
    )


def steps_of_case(tx: Transaction, case_id: int) -> Sequence[Found]:
    """The steps of every referral of the case, oldest first, with the names of the staff."""
    staff = metadata.tables["staff"]
    joined = referral_steps.join(referrals, referrals.c.id == referral_steps.c.referral_id).join(
        staff, staff.c.id == referral_steps.c.staff_id
    )
    return tx.execute(
        select(referral_steps, staff.c.name.label("staff_name"))
        .select_from(joined)
        .where(referrals.c.case_id == case_id)
        .order_by(referral_steps.c.id)
    ).all()


def refused_services(tx: Transaction, case_id: int) -> set[int]:
    """Services this caller does not want to be referred to."""
    wanted = (referrals.c.case_id == case_id, referrals.c.state == REFUSED)
    return set(tx.execute(select(referrals.c.service_id).where(*wanted)).scalars())


def is_handed_over(tx: Transaction, case_id: int) -> bool:
    """Whether the case has really gone to somebody."""
    wanted = (referrals.c.case_id == case_id, referrals.c.state.in_(HANDED))
    return tx.execute(select(referrals.c.id).where(*wanted).limit(1)).first() is not None


def first_due(tx: Transaction, case_id: int, after: datetime | None = None) -> datetime | None:
    """When the first word of a service is missed, of all that this case waits for."""
    wanted = select(func.min(referrals.c.due_at)).where(referrals.c.case_id == case_id)
    if after is not None:
        wanted = wanted.where(referrals.c.due_at > after)
    return tx.execute(wanted).scalar()


def due_referrals(tx: Transaction, now: datetime, limit: int) -> Sequence[Found]:
    """Handovers nobody has confirmed in time, longest overdue first: case reference and state."""
    cases = metadata.tables["cases"]
    return tx.execute(
        select(
            cases.c.ref,
            cases.c.priority,
            cases.c.claimed_by,
            referrals.c.number,
            referrals.c.state,
            referrals.c.due_at,
        )
        .select_from(referrals.join(cases, cases.c.id == referrals.c.case_id))
        .where(referrals.c.due_at.is_not(None), referrals.c.due_at <= now)
        .order_by(referrals.c.due_at)
        .limit(limit)
    ).all()
