"""The way to the database: a short writing transaction or a reading one, on either engine."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, exc

from hotline.storage import postgresql, sqlite
from hotline.storage.writer_queue import WriterQueue

Transaction = Connection
"""What every function in storage takes first; it commits at the edge and nowhere else."""

PATIENCE = 1.6
"""Seconds to wait for the database; the apology that follows must be there within two."""


class DatabaseAway(Exception):
    """The database cannot be reached or stayed locked; nothing of the transaction was kept."""


class Database:
    """Opens on first use and anew in every forked process; safe for many threads.

    `url` as SQLAlchemy reads it (`sqlite:////path/hotline.db`, `postgresql+psycopg://...`);
    `writer_lock` is the file at which writing processes queue: needed for SQLite, unused otherwise.
    """

    def __init__(self, url: str, *, writer_lock: Path | None = None) -> None:
        self.url = postgresql.with_driver(url)
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite and writer_lock is None:
            raise ValueError("SQLite needs a writer_lock: the file at which writers queue")
        self._queue = WriterQueue(writer_lock) if self.is_sqlite and writer_lock else None
        self._opening = threading.Lock()
        self._engines: tuple[Engine, Engine] | None = None
        self._pid = 0
        self._of_the_parent: list[object] = []

    @contextmanager
    def transaction(self, *, patience: float = PATIENCE) -> Iterator[Transaction]:
        """Read and write; commits at the end, rolls back on any error. No network calls inside.

        Raises DatabaseAway when the database is unreachable or locked for `patience` seconds.
        """
        if self._queue is None:
            with self._on_postgresql(self._open()[0]) as tx:
                yield tx
            return
        began = time.monotonic()
        try:
            is_our_turn = self._queue.enter(began + patience)
        except OSError as error:
            raise DatabaseAway(f"the writers' lock file: {error.strerror}") from None
        if not is_our_turn:
            raise DatabaseAway(f"other writers kept the database for {patience:g} seconds")
        try:
            deadline = began + patience
            with (
                _naming_what_is_away(sqlite.is_away),
                self._on_sqlite(self._open()[0], "BEGIN IMMEDIATE", deadline) as tx,
            ):
                yield tx
        finally:
            self._queue.leave()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one consistent picture, without waiting for writers. Writing is refused."""
        if self._queue is None:
            with self._on_postgresql(self._open()[1]) as tx:
                yield tx
            return
        deadline = time.monotonic() + PATIENCE
        with (
            _naming_what_is_away(sqlite.is_away_for_reading),
            self._on_sqlite(self._open()[1], "BEGIN", deadline) as tx,
        ):
            yield tx

    def settle_deletions(self) -> None:
        """Let what was deleted be gone from the database's files too. Not inside a transaction."""
        clean = sqlite.settle_deletions if self.is_sqlite else postgresql.settle_deletions
        clean(self._open()[0])

    def close(self) -> None:
        """Let every connection of this process go; the next transaction opens anew."""
        with self._opening:
            if self._engines is not None and self._pid == os.getpid():
                for engine in self._engines:
                    engine.dispose()
        if self._queue is not None:
            self._queue.close()

    def _open(self) -> tuple[Engine, Engine]:
        engines = self._engines
        if engines is not None and self._pid == os.getpid():
            return engines
        return self._open_in_this_process()

    def _open_in_this_process(self) -> tuple[Engine, Engine]:
        if self._pid and self._pid != os.getpid():
            self._opening = threading.Lock()
        with self._opening:
            if self._engines is not None and self._pid == os.getpid():
                return self._engines
            # Closing the parent's connections from here would disturb the parent: keep them alive.
            self._of_the_parent.append(self._engines)
            make = sqlite.make_engines if self.is_sqlite else postgresql.make_engines
            self._engines = make(self.url)
            self._pid = os.getpid()
            return self._engines

    @contextmanager
    def _on_sqlite(self, engine: Engine, begin: str, deadline: float) -> Iterator[Transaction]:
        with engine.connect() as tx:
            sqlite.begin(tx, begin, deadline)
            try:
                yield tx
            except BaseException:
                sqlite.roll_back(tx)
                raise
            sqlite.commit(tx)

    @contextmanager
    def _on_postgresql(self, engine: Engine) -> Iterator[Transaction]:
        with _naming_what_is_away(postgresql.is_away), engine.begin() as tx:
            yield tx


@contextmanager
def _naming_what_is_away(is_away: sqlite.Judge) -> Iterator[None]:
    try:
        yield
    except exc.TimeoutError as error:
        raise DatabaseAway("every connection to the database was in use for too long") from error
    except exc.DBAPIError as error:
        # Statement and parameters stay out of the message: they may carry a caller's words.
        if is_away(error.orig):
            raise DatabaseAway(f"the database refused: {type(error.orig).__name__}") from None
        raise
    except sqlite.RAW_ERRORS as error:
        if is_away(error):
            raise DatabaseAway(f"the database refused: {error}") from None
        raise
