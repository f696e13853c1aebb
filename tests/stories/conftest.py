"""The line of a story, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.content_files import Content
from hotline.storage.database import Database
from tests.stories.line import Line, open_line


@pytest.fixture
def line(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Line]:
    with open_line(database, tmp_path / "data", key_ring_file, content) as line:
        yield line
