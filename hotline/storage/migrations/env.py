"""Alembic runs this file for every command; the connection comes from hotline.storage.schema."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from hotline.storage.schema import all_tables, database_from_environment
from hotline.storage.tables import Utc


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types into new revisions under a name that they import."""
    return "Utc()" if kind == "type" and isinstance(item, Utc) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        transactional_ddl=True,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with database_from_environment().transaction(patience=60) as tx:
        run(tx)
