"""Bring a database to the newest tables, and tell whether it is there already."""

from __future__ import annotations

import importlib
import os
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

import hotline.storage
from hotline.storage.database import Database, Transaction
from hotline.storage.tables import metadata

_PATIENCE = 60.0  # seconds: another process may be upgrading right now
_FOLDER = Path(__file__).parent / "migrations"


def all_tables() -> MetaData:
    """The shared MetaData with every table of hotline.storage in it."""
    for module in pkgutil.iter_modules(hotline.storage.__path__):
        if not module.ispkg:
            importlib.import_module(f"hotline.storage.{module.name}")
    return metadata


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction: all of it or nothing. Safe to run twice at once."""
    with database.transaction(patience=_PATIENCE) as tx:
        if not database.is_sqlite:
            tx.execute(text("SET LOCAL statement_timeout = 0"))
            tx.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE:g}s'"))
            tx.execute(text("SELECT pg_advisory_xact_lock(117128000)"))
        command.upgrade(_config(tx), "head")


def newest_revision() -> str | None:
    """The revision the code was written for, read from files: ask once, at the start."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def present_revision(tx: Transaction) -> str | None:
    """The revision the database has, or None where nothing was ever upgraded."""
    return MigrationContext.configure(tx).get_current_revision()


def database_from_environment() -> Database:
    """For the alembic command of a developer; the hotline itself opens what its settings name."""
    data = Path(os.environ.get("HOTLINE_DATA", "data")).absolute()
    data.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data}/hotline.db"
    return Database(url, writer_lock=data / "writer.lock")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
