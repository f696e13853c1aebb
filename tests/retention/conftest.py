"""A house with cases, texts, calls and sounds in it, whose days pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.content_files import Content
from hotline.storage.database import Database
from tests.retention.house import House
from tests.web.desk.desk import open_desk


@pytest.fixture
def house(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> House:
    return House(open_desk(database, tmp_path / "data", key_ring_file, content), tmp_path)
