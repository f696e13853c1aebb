"""Commands on a database that has no tables, those of an older version, or of a newer one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.commands.test_commands import environment, flask, works

__all__ = ["environment"]

NEEDING_TABLES = (
    ("make-admin", "Sreymom", "012 345 002"),
    ("list-cases",),
    ("verify-audit",),
    ("forget-caller", "012 345 678", "--yes"),
    ("rotate-keys",),
)


@pytest.mark.parametrize("words", NEEDING_TABLES, ids=lambda words: words[0])
def test_without_tables_a_command_says_so(environment: dict[str, str], words: tuple) -> None:
    works(environment, "make-keys")
    ring = Path(environment["HOTLINE_KEYS"]).read_bytes()
    done = flask(environment, *words)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: the database has no tables yet: run `flask upgrade-database` first\n"
    )
    assert Path(environment["HOTLINE_KEYS"]).read_bytes() == ring


def test_what_comes_before_the_tables_goes_without_them(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    assert "would start" in works(environment, "check-start")


def test_older_tables_are_told_from_none(environment: dict[str, str]) -> None:
    at_revision(environment, "0001")
    assert flask(environment, "list-cases").stderr == (
        "Error: the database is of an older version: run `flask upgrade-database` first\n"
    )


def test_a_database_of_a_newer_version_is_not_upgraded(environment: dict[str, str]) -> None:
    at_revision(environment, "9999")
    done = flask(environment, "upgrade-database")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: this database is of a newer version (9999): bring that version back, or the "
        "database as it was before its update\n"
    )
    assert "would start" in works(environment, "check-start")
    assert works(environment, "list-cases") == "", "the version before goes on running"


def at_revision(environment: dict[str, str], revision: str) -> None:
    """The tables of today under another number."""
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    file = sqlite3.connect(Path(environment["HOTLINE_DATA"]) / "hotline.db")
    file.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    file.commit()
    file.close()
