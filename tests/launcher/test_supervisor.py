"""The supervisor starts again what died, says so, and leaves nobody behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.leash import leash
from launcher.leftovers import Leftovers, birth
from launcher.program import is_alive, start, stop
from launcher.supervisor import Supervisor
from tests.launcher.fake_programs import dying, living, stubborn

ROOT = Path(__file__).parents[2]


def eventually(happens: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]):
    supervisor = Supervisor(Leftovers(tmp_path / "processes.json"), said.append)
    yield supervisor
    supervisor.stop_all()


def pids(folder: Path) -> list[int]:
    return [int(entry["pid"]) for entry in json.loads((folder / "processes.json").read_text())]


def test_what_was_killed_runs_again_and_that_is_said(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    supervisor.add(living(tmp_path))
    (first,) = pids(tmp_path)
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.look_after()
        return pids(tmp_path) != [first]

    eventually(is_back)
    assert said == ["living was ended by signal 9; starting it again in 1 s"]
    assert is_alive(pids(tmp_path)[0])


def test_what_keeps_dying_is_started_less_and_less_often(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    supervisor.add(dying(tmp_path))

    def died_twice() -> bool:
        supervisor.look_after()
        return len([line for line in said if "ended" in line]) == 2

    eventually(died_twice)
    assert said[0] == "dying ended with code 3; starting it again in 1 s"
    assert said[1].strip() == "no bread"
    assert "starting it again in 2 s" in said[2]


def test_stopping_leaves_nobody(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.add(living(tmp_path, "one"))
    supervisor.add(living(tmp_path, "two"))
    running = pids(tmp_path)
    supervisor.stop_all()
    assert not any(is_alive(pid) for pid in running)
    assert not (tmp_path / "processes.json").exists()


def test_who_does_not_stop_when_asked_is_ended(tmp_path: Path) -> None:
    process = start(stubborn(tmp_path))
    eventually((tmp_path / "stubborn.log").read_text)
    assert stop(process, 0.2) is False
    assert not is_alive(process.pid)


def test_what_an_earlier_start_left_behind_is_ended(tmp_path: Path) -> None:
    process = start(living(tmp_path))
    leftovers = Leftovers(tmp_path / "processes.json")
    leftovers.remember([process.pid])
    assert Leftovers(tmp_path / "processes.json").stop_all() == 1
    process.wait(5)


def test_a_stranger_who_got_an_old_number_is_left_alone(tmp_path: Path) -> None:
    stranger = start(living(tmp_path))
    entry = {"pid": str(stranger.pid), "born": birth(stranger.pid) + "9"}
    (tmp_path / "processes.json").write_text(json.dumps([entry]))
    assert Leftovers(tmp_path / "processes.json").stop_all() == 0
    assert stranger.poll() is None
    stop(stranger, 5)


def test_a_damaged_list_of_leftovers_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text("{")
    assert Leftovers(tmp_path / "processes.json").stop_all() == 0


def test_children_die_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    if sys.platform != "linux":  # elsewhere the next start ends them
        assert leash() is None
        return
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from launcher.program import start\n"
        "from tests.launcher.fake_programs import living\n"
        "print(start(living(Path(sys.argv[1]))).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not birth(child) or _is_dead(child))


def _is_dead(pid: int) -> bool:
    # Where nobody collects orphans a dead one stays in the list as a zombie.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
