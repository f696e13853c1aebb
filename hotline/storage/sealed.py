"""Walk over what is sealed, a few rows at a time, to seal it anew under another key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import LargeBinary, select, update

from hotline.storage.database import Transaction
from hotline.storage.schema import all_tables


def sealed_columns() -> set[tuple[str, str]]:
    """Every (table, column) that holds something sealed: they are named *_sealed or wrapped."""
    return {
        (table.name, column.name)
        for table in all_tables().tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and (column.name.endswith("_sealed") or column.name == "wrapped")
    }


def rows_after(
    tx: Transaction, table_name: str, after: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The next `limit` whole rows in the order of their key; begin with `after` 0."""
    table = all_tables().tables[table_name]
    (key,) = table.primary_key.columns
    rows = tx.execute(select(table).where(key > after).order_by(key).limit(limit))
    return [{**row, "_key": row[key]} for row in rows.mappings()]


def put_sealed(
    tx: Transaction, table_name: str, column_name: str, key: int, old: bytes, new: bytes
) -> None:
    """Replace `old` by `new`, unless somebody wrote something newer in between."""
    table = all_tables().tables[table_name]
    (key_column,) = table.primary_key.columns
    column = table.columns[column_name]
    tx.execute(update(table).where(key_column == key, column == old).values({column: new}))
