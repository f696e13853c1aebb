"""Insert-once for both databases: the unique key decides, not a look beforehand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from hotline.storage.database import Transaction


def insert_once(tx: Transaction, table: Table, **values: Any) -> int | None:
    """Insert a row; its id, or None when a row with the same unique key is there already."""
    make = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    statement = make(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    return tx.execute(statement).scalar()
