"""SQLite as the hotline uses it: WAL, every commit on disk, writers announced before they read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

Judge = Callable[[BaseException | None], bool]
RAW_ERRORS = (sqlite3.Error,)

_BUSY_MILLISECONDS = 1600  # not over PATIENCE of database.py, or every turn would set it anew
_CACHE_KIBIBYTES = 64 * 1024
_LONG_WAIT = 0.05
_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_NOMEM,
    }
)


def make_engines(url: str) -> tuple[Engine, Engine]:
    """One engine that may write, one that is refused to."""
    return _make_engine(url, read_only=False), _make_engine(url, read_only=True)


def _make_engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=2,
        pool_use_lifo=True,  # the connection used last still knows its pages and statements
        pool_reset_on_return=None,  # begin, commit and roll_back below leave nothing open
        hide_parameters=True,
        connect_args={"timeout": _BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say: the driver's own comes too late
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"cache_size=-{_CACHE_KIBIBYTES}",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is forgotten is overwritten, and not only unlinked
            "temp_store=MEMORY",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _driver(tx: Connection) -> Any:
    return tx.connection.dbapi_connection


def begin(tx: Connection, statement: str, deadline: float) -> None:
    """Say BEGIN; who waited long for the queue waits no longer for SQLite than is left."""
    driver = _driver(tx)
    left = deadline - time.monotonic()
    if left > _BUSY_MILLISECONDS / 1000 - _LONG_WAIT:
        driver.execute(statement)
        return
    driver.execute(f"PRAGMA busy_timeout={max(1, int(left * 1000))}")
    try:
        driver.execute(statement)
    finally:
        driver.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")


def commit(tx: Connection) -> None:
    """Commit, and leave nothing open also where that fails (a full disk)."""
    driver = _driver(tx)
    try:
        driver.commit()
    except sqlite3.Error:
        roll_back(tx)
        raise


def roll_back(tx: Connection) -> None:
    if not tx.invalidated and not tx.closed:
        driver = _driver(tx)
        if driver is not None and driver.in_transaction:
            driver.rollback()


def settle_deletions(engine: Engine) -> None:
    """Empty the write-ahead log, which has the pages as they were; best effort beside readers."""
    with engine.connect() as connection:
        _driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def is_away(error: BaseException | None) -> bool:
    """Is this the database being locked, full or unreachable, and not a fault of ours?"""
    return _code(error) in _AWAY


def is_away_for_reading(error: BaseException | None) -> bool:
    """The same where writing was never allowed: being told so is a fault of ours."""
    return _code(error) in _AWAY - {sqlite3.SQLITE_READONLY}


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
