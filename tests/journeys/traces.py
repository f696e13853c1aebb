"""Where a run of the demo may leave traces, and how to read all of it."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis
import requests

from tests.journeys.phones_over_http import Phones
from tests.journeys.searching import Secret
from tests.launcher.test_demo import ROOT, Demo
from tests.stories.line import DARA, SOPHEA


class Listener:
    """Hears every command that reaches Redis, however short-lived what it wrote."""

    def __init__(self, where: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(where)
        self._line.sendall(b"MONITOR\r\n")
        self._pieces: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while piece := self._line.recv(65536):
            self._pieces.append(piece)

    def heard(self) -> dict[str, bytes]:
        raw = b"".join(self._pieces)
        meant = raw.decode("unicode_escape", "replace").encode("latin-1", "replace")
        return {"the commands to Redis": raw, "the commands to Redis, unescaped": meant}

    def close(self) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._line.close()


@dataclass
class Run:
    """A demo that was used, and where its traces may be."""

    demo: Demo
    phones: Phones
    listener: Listener
    sources: dict[str, bytes] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)  # of the desk, known once it was used
    voice: bytes = b""  # as staff hear it: that is how it is kept, but for the seal

    @property
    def folder(self) -> Path:
        return self.demo.folder

    def setting(self, name: str) -> str:
        found = re.search(rf"^{name}=(.*)$", (self.folder / "demo.env").read_text(), re.MULTILINE)
        assert found
        return found[1]

    def ask(self, path: str) -> bytes:
        return requests.get(f"http://{self.demo.desk()}{path}", timeout=5).content


def traces_while_running(run: Run) -> dict[str, bytes]:
    found = {f"the answer of {path}": run.ask(path) for path in ("/metrics", "/readyz", "/healthz")}
    found |= run.listener.heard() | everything_in_redis(run) | every_row(run.folder)
    for command in (["list-outbox"], ["list-cases"], ["list-cases", "--closed"]):
        found[f"flask {' '.join(command)}"] = flask(run, *command, "--json")
    log = run.phones.state()["log"]
    found["the addresses the carrier asked"] = "\n".join(entry["url"] for entry in log).encode()
    texts = [text for who in (DARA, SOPHEA) for text in run.phones.phone(who).received()]
    found["the texts to staff"] = "\n".join(texts).encode()
    assert run.demo.process is not None
    for pid in family_of(run.demo.process.pid):
        found[f"the command line of {pid}"] = Path(f"/proc/{pid}/cmdline").read_bytes()
        found[f"the environment of {pid}"] = Path(f"/proc/{pid}/environ").read_bytes()
    return found


def flask(run: Run, *command: str) -> bytes:
    lines = (run.folder / "demo.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    done = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def everything_in_redis(run: Run) -> dict[str, bytes]:
    read: dict[bytes, Callable[[redis.Redis, bytes], object]] = {
        b"string": lambda server, key: server.get(key),
        b"hash": lambda server, key: server.hgetall(key),
        b"list": lambda server, key: server.lrange(key, 0, -1),
        b"set": lambda server, key: server.smembers(key),
        b"zset": lambda server, key: server.zrange(key, 0, -1),
        b"stream": lambda server, key: server.xrange(key),
    }
    found = {}
    with redis.Redis.from_url(run.setting("REDIS_URL")) as server:
        for key in server.scan_iter():
            kind = server.type(key)
            if kind == b"none":  # it was there a moment ago; the Listener heard what it held
                continue
            value = read[kind](server, key)
            found[f"{key.decode()} in Redis"] = key + b"\n" + flat(value)
    return found


def flat(value: object) -> bytes:
    """Every piece of bytes in it, one after the other."""
    if isinstance(value, dict):
        return b"\n".join(flat(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set):
        return b"\n".join(flat(part) for part in value)
    return value if isinstance(value, bytes) else str(value).encode()


def every_row(folder: Path) -> dict[str, bytes]:
    """What the database says when asked: a value that a page of the file splits is whole here."""
    found = {}
    line = sqlite3.connect(f"file:{folder}/hotline.db?mode=ro", uri=True)
    try:
        tables = line.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = line.execute(f'SELECT * FROM "{table}"').fetchall()
            found[f"the table {table}"] = flat(rows)
    finally:
        line.close()
    return found


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file of the data folder, and its name; the phone company's own are left out."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    ours = [file for file in files if file.relative_to(folder).parts[1] != "simulator"]
    named = {str(file.relative_to(folder)): file for file in ours}
    return {name: name.encode() + b"\n" + file.read_bytes() for name, file in named.items()}


def family_of(pid: int) -> list[int]:
    """The process and all its children's children."""
    family = [pid]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            family += family_of(int(entry.name))
    return family


def cases_listed(run: Run) -> list[dict[str, str]]:
    return json.loads(flask(run, "list-cases", "--json"))
