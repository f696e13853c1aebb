"""What many tables are written by, the same on both databases."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Insert, Table, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.storage.database import Transaction


def insert_row(tx: Transaction, table: Table, /, **values: Any) -> int:
    """Insert a row; its number."""
    key = tx.execute(_insert(table), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_once(tx: Transaction, table: Table, **values: Any) -> int | None:
    """Insert a row; its key, or None when a row with the same unique key is there already.

    The unique key decides, not a look beforehand.
    """
    return tx.execute(_insert_once(tx.dialect.name, table), values).scalar()


def change_seen(
    tx: Transaction,
    table: Table,
    number: int,
    version: int,
    /,
    *still: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Change the row of this number, and its version.

    False where somebody changed it since its reader saw `version`, or it is not `still` so.
    """
    seen = update(table).where(table.c.id == number, table.c.version == version, *still)
    return tx.execute(seen.values(version=table.c.version + 1, **values)).rowcount == 1


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_once(dialect: str, table: Table) -> Executable:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing().returning(*table.primary_key)
