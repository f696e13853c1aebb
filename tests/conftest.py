"""What every test may ask for: a real Redis, a fresh database on either engine, keys, the time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
import structlog
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url
from werkzeug.routing import Rule

from hotline.content_files import Content, load_content
from hotline.key_ring import make_key_ring
from hotline.logs import set_up_logs
from hotline.storage.database import Database
from hotline.storage.schema import upgrade
from hotline.vault import Vault, open_vault
from hotline.web import audio
from hotline.wiring import ROOT
from tests.chromium import find_chromium
from tests.servers import PostgreSQL, running_postgresql, running_redis
from workers.sweeps import ASIDE

ENGINES = ("sqlite", "postgresql")

# A slow or busy machine is no fault of what is tried.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left waiting for it at the end."""
    long = ("journeys", "launcher", "commands")
    items.sort(key=lambda item: not any(part in item.path.parts for part in long))


@pytest.fixture(autouse=True)
def logs() -> None:
    """As in production: what is not set up prints whole tracebacks with every local value."""
    set_up_logs()
    # A logger that is kept from its first use on cannot be listened to by a test later.
    structlog.configure(cache_logger_on_first_use=False)


class _CompiledTemplates(BytecodeCache):
    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> None:
    """Each test has an application of its own; compiling its pages anew took a seventh of all."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _CompiledTemplates()}


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """The same: compiling the addresses of an application was half of making it."""
    compile_anew, known = Rule._compile_builder, {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled)
        yield


@pytest.fixture(scope="session", autouse=True)
def sounds_read_once() -> Iterator[None]:
    """The same: reading its prompts was half of what was left."""
    read_anew = audio.shelf_from
    known: list[tuple[Any, Path, audio.Shelf]] = []

    def shelf_from(prompts: Any, folder: Path) -> audio.Shelf:
        for theirs, where, shelf in known:
            if theirs is prompts and where == folder:
                return shelf
        known.append((prompts, folder, read_anew(prompts, folder)))
        return known[-1][2]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audio, "shelf_from", shelf_from)
        yield


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real server for the whole run. Ask for `empty_redis` to find nothing in it."""
    with running_redis() as url:
        yield url


@pytest.fixture
def empty_redis(redis_url: str) -> str:
    """The address of the same server, emptied."""
    with redis_client.Redis.from_url(redis_url) as server:
        server.flushall()
    return redis_url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "no Chromium; python3 tests/chromium.py says how to get one"
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        shown = play.chromium.launch(executable_path=path, args=flags)
        yield shown
        shown.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Pin one with `@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)`."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, empty database: a SQLite file, then PostgreSQL."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/hotline.db"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def database(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database with every table in it, on either engine.

    The same one again and again, as new: what an engine has compiled of our SQL it keeps.
    """
    if engine_name == "sqlite":
        database: Database = request.getfixturevalue("sqlite")
        path = Path(str(make_url(database.url).database))
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()
        shutil.copy(request.getfixturevalue("upgraded_sqlite"), path)
        yield database
        _wait_for_long_work()
        database.close()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    database = server.borrow_upgraded_database()
    yield database
    _wait_for_long_work()
    server.give_back(database)


def _wait_for_long_work() -> None:
    """What a sweep began in a thread of its own ends before the database goes from under it."""
    for work in ASIDE:
        work.wait()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("sqlite")
    return Database(f"sqlite:///{folder}/hotline.db", writer_lock=folder / "writer.lock")


@pytest.fixture(scope="session")
def upgraded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgraded")
    database = Database(f"sqlite:///{folder}/hotline.db", writer_lock=folder / "writer.lock")
    upgrade(database)
    with database.transaction() as tx:
        tx.exec_driver_sql("CREATE TABLE IF NOT EXISTS _settle (n INTEGER)")
        tx.exec_driver_sql("DROP TABLE _settle")
    database.close()
    return folder / "hotline.db"


@pytest.fixture(scope="session")
def content() -> Content:
    """The real flows, prompts, words and ladders."""
    return load_content(ROOT)


@pytest.fixture(scope="session")
def key_ring_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "keys"
    make_key_ring(path)
    return path


@pytest.fixture(scope="session")
def vault(key_ring_file: Path) -> Vault:
    return open_vault(key_ring_file)
