"""A desk on both databases, with the demo's staff reading English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import passwords
from hotline.content_files import Content
from hotline.storage.database import Database
from tests.web.desk.desk import Desk, open_desk


@pytest.fixture(scope="session")
def quick_hashes() -> Iterator[None]:
    """The same hash with settings that do not keep a test waiting."""
    with pytest.MonkeyPatch.context() as patch:
        quick = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        passwords.nobodys_hash.cache_clear()
        yield
    passwords.nobodys_hash.cache_clear()


@pytest.fixture
def desk(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content, quick_hashes: None
) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)
