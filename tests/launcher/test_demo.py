"""The demo as a new user meets it: one address, one Ctrl-C, and nobody left behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from launcher.leftovers import birth
from tests.launcher.test_supervisor import eventually

ROOT = Path(__file__).parents[2]
_PATIENCE = 90.0


class Demo:
    """One `python -m launcher demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder.with_suffix(".output")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launcher", "demo"],
                cwd=ROOT,
                env={**os.environ, "HOTLINE_DATA": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _PATIENCE
        while "Ctrl-C stops everything" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text()

    def phones(self) -> str:
        found = re.search(r"http://(127\.0\.0\.1:\d+)/\n", self.said())
        assert found, self.said()
        return found[1]

    def desk(self) -> str:
        found = re.search(r"desk is at http://(127\.0\.0\.1:\d+)/desk/", self.said())
        assert found, self.said()
        return found[1]

    def pids(self) -> list[int]:
        path = self.folder / "processes.json"
        return [int(e["pid"]) for e in json.loads(path.read_text())] if path.exists() else []

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGTERM)


def test_two_demos_that_start_at_once_have_each_their_own_phones(tmp_path: Path) -> None:
    demos = [Demo(tmp_path / "one"), Demo(tmp_path / "two")]
    try:
        with ThreadPoolExecutor() as both:
            list(both.map(Demo.start, demos))
        assert len({address for demo in demos for address in (demo.phones(), demo.desk())}) == 4
        assert demos[0].stop(signal.SIGINT) == 0
        assert "starting it again" not in demos[1].said()
        assert status(demos[1].phones(), "/") == 200
        assert status(demos[1].desk(), "/readyz") == 200
    finally:
        for demo in demos:
            demo.end()


def status(address: str, path: str) -> int:
    line = http.client.HTTPConnection(address, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status
    finally:
        line.close()


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return bool(birth(pid))
    return state != "Z"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("launcher") / "demo")
    yield demo
    demo.end()


def test_the_demo_from_the_first_start_to_the_last(demo: Demo) -> None:
    demo.start()
    assert status(demo.phones(), "/") == 200
    assert status(demo.desk(), "/readyz") == 200

    second = subprocess.run(
        [sys.executable, "-m", "launcher", "demo"],
        cwd=ROOT,
        env={**os.environ, "HOTLINE_DATA": str(demo.folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"http://{demo.phones()}/" in second.stderr

    # Whatever dies comes back.
    before = demo.pids()
    os.kill(before[-1], signal.SIGKILL)
    eventually(lambda: "starting it again" in demo.said() and demo.pids() != before, 30)

    # The launcher itself is killed: nothing is left at the next start, and that start works.
    running = demo.pids()
    demo.stop(signal.SIGKILL)
    keys = (demo.folder / "keys").read_bytes()
    demo.start()
    assert not [pid for pid in running if lives(pid)]
    assert (demo.folder / "keys").read_bytes() == keys

    running = demo.pids()
    assert demo.stop(signal.SIGINT) == 0
    assert "stopped" in demo.said()
    assert not [pid for pid in running if lives(pid)]
    assert demo.pids() == []
