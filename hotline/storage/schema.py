"""Bring a database to the newest tables, and tell whether it is there already."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from pathlib import Path

from sqlalchemy import MetaData, inspect, text

import hotline.storage
from hotline.storage.database import Database, Transaction
from hotline.storage.tables import metadata

_PATIENCE = 60.0  # seconds: another process may be upgrading right now
_FOLDER = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^(revision|down_revision)\b[^=]*= *['\"](\w+)['\"]", re.MULTILINE)


class NewerTables(Exception):
    """A newer version of the hotline made these tables: this one knows no way from there."""


def all_tables() -> MetaData:
    """The shared MetaData with every table of hotline.storage in it."""
    for module in pkgutil.iter_modules(hotline.storage.__path__):
        if not module.ispkg:
            importlib.import_module(f"hotline.storage.{module.name}")
    return metadata


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction: all of it or nothing. Safe to run twice at once.

    Raises NewerTables.
    """
    with database.transaction(patience=_PATIENCE) as tx:
        upgrade_within(tx)


def upgrade_within(tx: Transaction, revision: str = "head") -> None:
    """The same as a part of something larger, and no further than to `revision`.

    Raises NewerTables.
    """
    # Alembic is heavy, and the web and the workers need none of it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        tx.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE:g}s'"))
        tx.execute(text("SELECT pg_advisory_xact_lock(117128000)"))
    present = present_revision(tx)
    if present is not None and present not in known_revisions():
        raise NewerTables(
            f"this database is of a newer version ({present}): bring that version back, or the "
            "database as it was before its update"
        )
    config.attributes["connection"] = tx
    command.upgrade(config, revision)


def known_revisions() -> set[str]:
    """Every revision this code can begin at."""
    files = (_FOLDER / "versions").glob("*.py")
    found = [_REVISION.findall(path.read_text()) for path in files]
    return {name for pairs in found for kind, name in pairs if kind == "revision"}


def newest_revision() -> str | None:
    """The revision the code was written for, read from files: ask once, at the start."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (_FOLDER / "versions").glob("*.py"):
        for kind, revision in _REVISION.findall(path.read_text()):
            named[kind].add(revision)
    heads = named["revision"] - named["down_revision"]
    return heads.pop() if len(heads) == 1 else None


def present_revision(tx: Transaction) -> str | None:
    """The revision the database has, or None where nothing was ever upgraded."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def database_from_environment() -> Database:
    """For the alembic command of a developer; the hotline itself opens what its settings name."""
    data = Path(os.environ.get("HOTLINE_DATA", "data")).absolute()
    data.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data}/hotline.db"
    return Database(url, writer_lock=data / "writer.lock")
