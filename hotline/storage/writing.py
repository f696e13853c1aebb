"""Insert-once for both databases: the unique key decides, not a look beforehand."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from hotline.storage.database import Transaction


def insert_once(tx: Transaction, table: Table, **values: Any) -> int | None:
    """Insert a row; its key, or None when a row with the same unique key is there already."""
    return tx.execute(_insert_once(tx.dialect.name, table), values).scalar()


@cache
def _insert_once(dialect: str, table: Table) -> Executable:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing().returning(*table.primary_key)
