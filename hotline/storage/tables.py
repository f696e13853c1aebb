"""What every table shares: one MetaData, UTC times and number columns that suit both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Identity,
    Integer,
    MetaData,
    Row,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

Found = Row[*tuple[Any, ...]]
"""A row as a query found it: its columns are attributes."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""The type of a row number and of every foreign key to one. SQLite numbers rows by INTEGER only."""


class Utc(TypeDecorator[datetime]):
    """An aware datetime: timestamptz on PostgreSQL, whole microseconds since 1970 on SQLite.

    Comes back in UTC. A datetime without a time zone is refused: nobody can say what it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time to be stored has no time zone; use an aware UTC datetime")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        stamp: datetime = value
        return stamp.astimezone(UTC)


utc = Utc()


def row_id(name: str = "id") -> Column[int]:
    """The first column of a table: a number the database gives, never from a caller."""
    return Column(name, BigId, Identity(always=False), primary_key=True)
