"""A line with a life behind it, a pair of keys, and an empty place on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import x25519

from hotline.content_files import Content
from hotline.doorbell import Doorbell
from hotline.parts import Hotline
from hotline.spool import Spool
from hotline.storage.database import Database
from tests.servers import PostgreSQL
from tests.web.desk.conftest import quick_hashes
from tests.web.desk.desk import Desk, open_desk

__all__ = ["quick_hashes"]


@pytest.fixture
def desk(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content, quick_hashes: None
) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


@pytest.fixture(scope="session")
def pair() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture(params=("sqlite", "postgresql"))
def empty_place(
    request: pytest.FixtureRequest, desk: Desk, tmp_path: Path
) -> Iterator[Callable[[], Hotline]]:
    """Makes another machine: the same key ring, an empty data folder and an empty database."""
    postgresql: PostgreSQL | None = None
    if request.param == "postgresql":
        postgresql = request.getfixturevalue("postgresql")
    made: list[Database] = []

    def make() -> Hotline:
        data = tmp_path / f"elsewhere-{len(made)}"
        data.mkdir()
        url = postgresql.new_database() if postgresql else f"sqlite:///{data}/hotline.db"
        database = Database(url, writer_lock=data / "writer.lock")
        made.append(database)
        old = desk.hotline
        return replace(
            old,
            settings=replace(old.settings, data=data),
            database=database,
            doorbell=Doorbell(None),
            spool=Spool(data / "spool", old.vault),
        )

    yield make
    for database in made:
        database.close()
        if postgresql:
            postgresql.drop(database.url)
