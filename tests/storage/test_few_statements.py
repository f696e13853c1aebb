"""What SQLite is told for one turn: a count that no machine is too slow for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from hotline.storage.conversation import find_call
from hotline.storage.database import Database


@pytest.fixture
def told() -> Iterator[list[str]]:
    """Every statement of the connections that are opened from now on."""
    statements: list[str] = []

    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(lambda text: statements.append(text.split()[0]))

    event.listen(Engine, "connect", listen)
    yield statements
    event.remove(Engine, "connect", listen)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_transaction_nobody_holds_up_says_nothing_but_what_it_is_for(
    told: list[str], database: Database
) -> None:
    with database.transaction():
        told.clear()  # what a new connection is told
    with database.transaction() as tx:
        find_call(tx, "twilio", "CA1")
    assert told == ["COMMIT", "BEGIN", "SELECT", "COMMIT"]
