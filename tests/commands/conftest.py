"""An office whose hotline the commands open instead of one of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.commands import reach, staff
from hotline.content_files import Content
from hotline.storage.database import Database
from tests.web.desk.desk import Desk, open_desk


@pytest.fixture
def desk(
    database: Database,
    tmp_path: Path,
    key_ring_file: Path,
    content: Content,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    for command in (reach, staff):
        monkeypatch.setattr(command, "open_hotline", lambda: desk.hotline)
    return desk
