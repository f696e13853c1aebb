"""The database keeps what was committed, forgets what was not, and gives up after two seconds."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hotline.storage.database import Database, DatabaseAway
from hotline.storage.tables import Utc, row_id, utc
from tests.servers import PostgreSQL

own = sa.MetaData()
marks = sa.Table("marks", own, row_id(), sa.Column("word", sa.Text), sa.Column("at", utc))
NOON = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)

only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


@pytest.fixture
def marked(database_url: str, tmp_path: Path):
    database = Database(database_url, writer_lock=tmp_path / "writer.lock")
    with database.transaction() as tx:
        own.create_all(tx)
    yield database
    database.close()


def mark(database: Database, word: str) -> None:
    with database.transaction() as tx:
        tx.execute(sa.insert(marks), {"word": word, "at": NOON})


def words(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.scalars(sa.select(marks.c.word).order_by(marks.c.id)))


def test_what_was_committed_is_there(marked: Database) -> None:
    mark(marked, "one")
    mark(marked, "two")
    assert words(marked) == ["one", "two"]


def test_an_error_takes_everything_back(marked: Database) -> None:
    with pytest.raises(ZeroDivisionError), marked.transaction() as tx:
        tx.execute(sa.insert(marks), {"word": "lost", "at": NOON})
        raise ZeroDivisionError
    mark(marked, "kept")
    assert words(marked) == ["kept"]


def test_who_reads_may_not_write(marked: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), marked.reading() as tx:
        tx.execute(sa.insert(marks), {"word": "sneaked", "at": NOON})
    assert words(marked) == []


def test_a_reader_sees_one_picture_while_others_write(marked: Database) -> None:
    mark(marked, "before")
    with marked.reading() as tx:
        first = tx.scalar(sa.select(sa.func.count()).select_from(marks))
        mark(marked, "meanwhile")
        assert tx.scalar(sa.select(sa.func.count()).select_from(marks)) == first


def test_a_time_comes_back_aware_and_to_the_microsecond(marked: Database) -> None:
    bangkok = NOON.astimezone(timezone(timedelta(hours=7)))
    with marked.transaction() as tx:
        tx.execute(sa.insert(marks), {"word": "noon", "at": bangkok})
    with marked.reading() as tx:
        kept = tx.scalar(sa.select(marks.c.at))
        assert tx.scalar(sa.select(marks.c.word).where(marks.c.at <= NOON)) == "noon"
    assert kept == NOON
    assert kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(marked: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), marked.transaction() as tx:
        tx.execute(sa.insert(marks), {"word": "when?", "at": datetime(2026, 11, 22)})


@given(st.datetimes(timezones=st.just(UTC)))
def test_sqlite_keeps_any_time_exactly(moment: datetime) -> None:
    sqlite = sa.create_engine("sqlite://").dialect
    kept = Utc().process_bind_param(moment, sqlite)
    assert Utc().process_result_value(kept, sqlite) == moment


def test_an_error_of_ours_is_not_taken_for_an_absent_database(marked: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), marked.transaction() as tx:
        tx.execute(sa.text("SELECT nothing FROM nowhere"))


def test_an_error_does_not_repeat_what_was_to_be_stored(marked: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, marked.transaction() as tx:
        tx.execute(sa.text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": "+85512345678"})
    assert "85512345678" not in str(caught.value)


def test_an_error_does_not_show_the_row_that_was_refused(marked: Database) -> None:
    with marked.transaction() as tx:
        tx.execute(sa.text("CREATE TABLE strict_mark (word TEXT, at TEXT NOT NULL)"))
    with pytest.raises(sa.exc.IntegrityError) as caught, marked.transaction() as tx:
        tx.execute(sa.text("INSERT INTO strict_mark (word) VALUES (:w)"), {"w": "Sokha"})
    assert "Sokha" not in str(caught.value)
    assert "Sokha" not in str(caught.value.orig)


@only_sqlite
def test_a_locked_sqlite_is_away_after_a_while(marked: Database, tmp_path: Path) -> None:
    stranger = sqlite3.connect(tmp_path / "hotline.db", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(DatabaseAway), marked.transaction():
        pass
    assert 1.4 < time.monotonic() - began < 3.5
    stranger.execute("ROLLBACK")
    stranger.close()
    mark(marked, "after")
    assert words(marked) == ["after"]


@only_sqlite
def test_a_writer_that_keeps_the_queue_is_waited_for_and_then_given_up(marked: Database) -> None:
    entered, leave = threading.Event(), threading.Event()

    def keep() -> None:
        with marked.transaction():
            entered.set()
            leave.wait(10)

    keeper = threading.Thread(target=keep)
    keeper.start()
    entered.wait(5)
    with pytest.raises(DatabaseAway), marked.transaction(patience=0.2):
        pass
    leave.set()
    keeper.join()
    mark(marked, "after")
    assert words(marked) == ["after"]


@only_sqlite
def test_every_commit_is_on_disk_before_it_is_answered(marked: Database) -> None:
    with marked.transaction() as tx:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "cache_size")
        found = [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1, -65536]


def _write_many(url: str, lock: Path, name: str, count: int) -> None:
    database = Database(url, writer_lock=lock)
    for number in range(count):
        with database.transaction() as tx:
            seen = tx.scalar(sa.select(sa.func.count()).select_from(marks))
            tx.execute(sa.insert(marks), {"word": f"{name}-{number}-{seen}", "at": NOON})


@only_sqlite
def test_many_processes_and_threads_write_in_turn(
    marked: Database, database_url: str, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(
            target=_write_many, args=(database_url, tmp_path / "writer.lock", str(n), 25)
        )
        for n in range(2)
    ]
    for process in processes:
        process.start()
    threads = [
        threading.Thread(target=lambda: [mark(marked, "thread") for _ in range(25)])
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in (*threads, *processes):
        each.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(words(marked)) == 150


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_process_opens_its_own_connections(marked: Database) -> None:
    mark(marked, "parent")
    child = os.fork()
    if child == 0:
        try:
            mark(marked, "child")
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    mark(marked, "parent again")
    assert status == 0
    assert sorted(words(marked)) == ["child", "parent", "parent again"]


@only_sqlite
def test_a_full_disk_is_away_and_leaves_nothing_open(marked: Database) -> None:
    with marked.transaction() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DatabaseAway), marked.transaction() as tx:
        tx.execute(sa.insert(marks), {"word": "x" * 100_000, "at": NOON})
    with marked.transaction() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count=100000")
    mark(marked, "after")
    assert words(marked) == ["after"]


@only_postgresql
def test_a_locked_row_is_away_after_a_while(marked: Database) -> None:
    mark(marked, "wanted")
    locked, leave = threading.Event(), threading.Event()

    def keep() -> None:
        with marked.transaction() as tx:
            tx.execute(sa.select(marks).with_for_update())
            locked.set()
            leave.wait(10)

    keeper = threading.Thread(target=keep)
    keeper.start()
    locked.wait(5)
    with pytest.raises(DatabaseAway), marked.transaction() as tx:
        tx.execute(sa.update(marks).values(word="taken"))
    leave.set()
    keeper.join()
    assert words(marked) == ["wanted"]


@only_postgresql
def test_a_server_that_dropped_its_connections_is_found_again(
    marked: Database, postgresql: PostgreSQL
) -> None:
    mark(marked, "before")
    admin = sa.create_engine(marked.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    admin.dispose()
    time.sleep(0.1)  # the servers' goodbye is on its way; nothing here can be asked for it
    mark(marked, "after")
    assert words(marked) == ["before", "after"]


def test_an_unreachable_server_is_away() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseAway), database.transaction():
        pass


def test_a_sqlite_file_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder.db", writer_lock=tmp_path / "lock")
    with pytest.raises(DatabaseAway), database.transaction():
        pass
    with pytest.raises(DatabaseAway), database.reading():
        pass
