"""Whole tables, read as of one moment and filled again, on either engine: for backups.

Each value goes as what it means and not as an engine keeps it, so that SQLite can be put back as
PostgreSQL and the other way round.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Time,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from hotline.storage.database import Transaction
from hotline.storage.schema import all_tables
from hotline.storage.tables import Utc

_AT_ONCE = 500
_REVISION = "alembic_version"
_COUNT_ON = text("SELECT setval(pg_get_serial_sequence(:name, :column), :last, :used)")

Columns = Sequence[tuple[str, str]]
"""Each column's name, and its kind: one of KINDS."""

Rows = Generator[Sequence[Any], None, None]
"""A few hundred in memory at a time; to be closed by whoever does not read all of them."""

# In this order: a boolean is asked for before a number.
KINDS: Mapping[str, TypeEngine[Any]] = {
    "utc": Utc(),
    "bool": Boolean(),
    "int": BigInteger(),
    "float": Float(),
    "bytes": LargeBinary(),
    "json": JSON(none_as_null=True),
    "date": Date(),
    "time": Time(),
    "text": Text(),
}


class StrangeColumn(Exception):
    """A column whose kind backups do not know; say in KINDS how it goes."""


def kind_of(column: Column[Any]) -> str:
    """Raises StrangeColumn."""
    for kind, known in KINDS.items():
        if isinstance(column.type, type(known)) or (
            kind == "int" and isinstance(column.type, Integer)
        ):
            return kind
        if kind == "text" and column.type.python_type is str:
            return kind
    raise StrangeColumn(f"{column.table.name}.{column.name} is {column.type!r}")


def table_columns(but: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Every table but these, in the order in which they can be filled, with its columns."""
    return {
        table.name: [(column.name, kind_of(column)) for column in table.columns]
        for table in all_tables().sorted_tables
        if table.name not in but
    }


def rest_for_long(tx: Transaction) -> None:
    """This transaction may take as long as it must: a backup does, a caller's turn never."""
    if tx.dialect.name == "postgresql":
        for patience in ("statement_timeout", "idle_in_transaction_session_timeout"):
            tx.execute(text(f"SET LOCAL {patience} = 0"))


def rows_of(tx: Transaction, name: str, columns: Columns) -> Rows:
    """All rows of a table, in the order of its key."""
    table = all_tables().tables[name]
    wanted = select(*(table.c[column] for column, _ in columns)).order_by(*table.primary_key)
    return _streamed(tx, wanted)


def case_keys(tx: Transaction) -> Rows:
    """The reference of each case, and its wrapped key."""
    tables = all_tables().tables
    cases, keys = tables["cases"], tables["case_key"]
    wanted = (
        select(cases.c.ref, keys.c.wrapped)
        .join(keys, keys.c.case_id == cases.c.id)
        .order_by(cases.c.id)
    )
    return _streamed(tx, wanted)


def sound_keys(tx: Transaction) -> Rows:
    """The name of each sealed sound, and its wrapped key."""
    sounds = all_tables().tables["recording"]
    wanted = select(sounds.c.file, sounds.c.wrapped).order_by(sounds.c.id)
    return _streamed(tx, wanted.where(sounds.c.file.is_not(None), sounds.c.wrapped != b""))


def cases_without_key(tx: Transaction) -> int:
    """How many cases are there whose words nobody can read, though they were not forgotten."""
    tables = all_tables().tables
    cases, keys = tables["cases"], tables["case_key"].c.case_id
    wanted = select(func.count()).where(cases.c.forgotten_at.is_(None))
    return int(tx.execute(wanted.where(cases.c.id.not_in(select(keys)))).scalar_one())


def _streamed(tx: Transaction, wanted: Select[Any]) -> Rows:
    with tx.execute(wanted, execution_options={"yield_per": _AT_ONCE}) as found:
        for rows in found.partitions():
            yield from rows


def fill(tx: Transaction, name: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows into a table as it was when they were taken, which may be an older one than ours."""
    if not rows:
        return
    table = Table(name, MetaData(), *(Column(column, KINDS[kind]) for column, kind in columns))
    names = [column for column, _ in columns]
    tx.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def tables_here(tx: Transaction) -> list[str]:
    """Of the whole database, whoever made them."""
    return sorted(set(inspect(tx).get_table_names()) - {_REVISION})


def first_with_rows(tx: Transaction) -> str | None:
    """A table that is not empty; None: nothing is in this database."""
    for name in tables_here(tx):
        table = Table(name, MetaData())
        if tx.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            return name
    return None


def count_on(tx: Transaction, tables: Sequence[str]) -> None:
    """New rows get numbers after those that were put in: SQLite does so by itself."""
    if tx.dialect.name != "postgresql":
        return
    for name in tables:
        table = all_tables().tables.get(name)
        key = list(table.primary_key) if table is not None else []
        if len(key) != 1 or key[0].identity is None:
            continue
        highest = tx.execute(select(func.max(key[0]))).scalar()
        where = {"name": name, "column": key[0].name, "last": highest or 1}
        tx.execute(_COUNT_ON, {**where, "used": highest is not None})
