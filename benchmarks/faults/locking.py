"""Somebody who knows nothing of the hotline has its database, and does not let go for seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import sqlalchemy as sa

_TABLES = "LOCK TABLE conversation, incoming_text, outbox_item IN ACCESS EXCLUSIVE MODE"


def hold_database(url: str) -> Callable[[], None]:
    """Lock it now; what lets go of it."""
    return _hold_sqlite(url) if url.startswith("sqlite") else _hold_postgresql(url)


def _hold_sqlite(url: str) -> Callable[[], None]:
    other = sqlite3.connect(sa.make_url(url).database or "", timeout=3, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:  # the line itself was busy all the time
        other.close()
        return _nothing

    def let_go() -> None:
        other.rollback()
        other.close()

    return let_go


def _hold_postgresql(url: str) -> Callable[[], None]:
    engine = sa.create_engine(url, connect_args={"connect_timeout": 2})
    try:
        other = engine.connect()
        other.execute(sa.text("SET lock_timeout = '3s'"))
        other.execute(sa.text(_TABLES))
    except sa.exc.DBAPIError:
        engine.dispose()
        return _nothing

    def let_go() -> None:
        other.invalidate()  # the server rolls back, also one that was stopped meanwhile
        other.close()
        engine.dispose()

    return let_go


def _nothing() -> None:
    """Nothing to let go."""
