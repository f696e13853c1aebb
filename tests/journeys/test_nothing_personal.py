"""After a whole run nothing personal lies anywhere: no number, no name, no word, no voice.

The simulator's own folder is left out: it is the phone company, which knows who rang. That the
search can find anything is proven on that folder, and on copies in which something was planted.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk_over_http import case_of, world_of
from tests.journeys.desk_story import secrets_of_the_desk, staff_work
from tests.journeys.people import (
    MOTHER,
    NAMES,
    SECRETS,
    STRANGER,
    VOICE,
    WRITTEN,
    a_mother_calls,
    people_use_the_line,
    secrets_of,
)
from tests.journeys.phones_over_http import Phones
from tests.journeys.searching import search
from tests.journeys.traces import Listener, Run, every_row, files_under, traces_while_running
from tests.launcher.test_demo import Demo


@pytest.fixture(scope="module")
def run(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    env = (demo.folder / "demo.env").read_text()
    where = re.search(r"^REDIS_URL=unix://(.*)$", env, re.MULTILINE)
    assert where
    run = Run(demo, Phones(f"http://{demo.phones()}"), Listener(where[1]))
    try:
        people_use_the_line(run)
        a_mother_calls(run, STRANGER)
        world = world_of(run)
        staff_work(world, case_of(run, "missing_child"))
        run.secrets = secrets_of_the_desk(world)
        run.sources |= world.traces() | world.downloads
        run.sources |= traces_while_running(run)
        run.listener.close()
        copy = tmp_path_factory.mktemp("traces")
        shutil.copytree(demo.folder, copy / "running", ignore=shutil.ignore_patterns("*.sock"))
        assert demo.stop(signal.SIGINT) == 0
        shutil.copytree(demo.folder, copy / "stopped", ignore=shutil.ignore_patterns("*.sock"))
        run.sources |= files_under(copy)
        run.sources["what the launcher said"] = demo.said().encode()
        yield run
    finally:
        demo.end()


@pytest.mark.timeout(400)
def test_nothing_personal_is_left_anywhere(run: Run) -> None:
    assert search(run.sources, secrets_of(run)) == []


@pytest.mark.timeout(400)
def test_the_search_looked_everywhere(run: Run) -> None:
    names = list(run.sources)
    for part in (
        "running/hotline.db",
        "running/hotline.db-wal",
        "stopped/hotline.db",
        "running/recordings/",
        "running/logs/web.log",
        "running/logs/workers.log",
        "running/logs/redis.log",
        "running/redis/",
        "the spool",
        "the table cases",
        "the table outbox_item",
        "the table audit_line",
        "the table referral",
        "the table authenticator",
        "running/exports/",
        "the addresses at the desk of Bopha",
        "the titles of the desk of Veasna",
        "the page /audit",
        "the exported csv",
        "rq:",
    ):
        assert any(part in name for name in names), part
    assert len([name for name in names if name.startswith("the command line of")]) >= 5
    assert b"rq:queue:alerts" in run.sources["the commands to Redis"]
    assert b"workers.sweeps.alerts" in run.sources["the commands to Redis, unescaped"]
    assert b"hotline_turns_total" in run.sources["the answer of /metrics"]
    assert len(run.sources["the table case_event"]) > 500
    assert run.sources["flask list-outbox"].count(b'"id"') >= 8
    web_log = next(raw for name, raw in run.sources.items() if "stopped/logs/web.log" in name)
    assert b"DatabaseAway" in web_log
    kept = next(raw for name, raw in run.sources.items() if "running/recordings/" in name)
    assert 1000 < len(run.voice) < len(kept)  # the file is there, whole, and with its seal
    assert search({"the voice": run.voice}, secrets_of(run)) != []
    assert run.sources["the addresses the carrier asked"].count(b"/calls/simulator/turn?n=") >= 8


@pytest.mark.timeout(400)
def test_the_phone_company_knows_them_all_and_the_search_sees_it(run: Run) -> None:
    kept = {
        str(file): file.read_bytes()
        for file in (run.folder / "simulator").rglob("*")
        if file.is_file()
    }
    found = " ".join(search(kept, SECRETS))
    for who in ("the mother's number", "the child's number", "words in Khmer", "words in Latin"):
        assert who in found


@pytest.mark.parametrize(
    "planted",
    [
        b"... 077 345 612 ...",
        b"+855-77-345-612",
        b"tel=85577345612",
        "077345612".encode("utf-16-le"),
        "077345612".encode("utf-16-be"),
        MOTHER.encode().hex().upper().encode(),
        b64encode(b"From=" + MOTHER.encode() + b"&To="),
        b64encode(b"To=1&From=" + MOTHER.encode()),
        zlib.compress(b'["' + MOTHER.encode() + b'"]'),
        b"%2B85577345612",
        NAMES[0].upper().encode(),
        NAMES[3].encode("utf-16-le"),
        json.dumps(NAMES[3]).encode(),
        b64encode(WRITTEN["a note"].encode()),
        VOICE[20_000:22_400],
    ],
    ids=str,
)
def test_the_search_finds_what_is_planted(planted: bytes) -> None:
    around = random.Random(1280).randbytes(4096)
    assert search({"a file": around + around}, SECRETS) == []
    assert search({"a file": around + planted + around}, SECRETS) != []


@pytest.mark.timeout(400)
def test_a_number_planted_in_a_copy_of_the_database_is_found(run: Run, tmp_path: Path) -> None:
    for path in run.folder.glob("hotline.db*"):
        shutil.copy(path, tmp_path)
    line = sqlite3.connect(tmp_path / "hotline.db")
    line.execute("UPDATE cases SET reason = ? WHERE id = 1", (f"asked by {MOTHER}",))
    line.commit()
    line.close()
    found = search({"the copy": (tmp_path / "hotline.db").read_bytes()}, SECRETS)
    assert found == ["the mother's number in the copy"]
    assert search(every_row(tmp_path), SECRETS) == ["the mother's number in the table cases"]
