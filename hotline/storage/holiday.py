"""A day the supervisor spoke about: it is a holiday, or none. Wins over the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Boolean, Column, Date, String, Table, delete, insert, select

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, utc

holidays = Table(
    "holiday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("is_off", Boolean, nullable=False),
    Column("set_at", utc, nullable=False),
)


def set_day(tx: Transaction, day: date, name: str, is_off: bool, now: datetime) -> None:
    forget_day(tx, day)
    tx.execute(insert(holidays), {"day": day, "name": name, "is_off": is_off, "set_at": now})


def forget_day(tx: Transaction, day: date) -> bool:
    """False where nobody had spoken about it."""
    return tx.execute(delete(holidays).where(holidays.c.day == day)).rowcount == 1


def days_set(tx: Transaction) -> Sequence[Found]:
    return tx.execute(select(holidays).order_by(holidays.c.day)).all()
