"""Programs started for a measurement and ended with it, by their own ids; what they used."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from launcher.program import Program, last_lines, start, stop

HOST = "127.0.0.1"
_PATIENCE = 30.0
_SETTLING = 1.0  # a worker loads in the background what its first ring will need


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers at `port`; `pid` is the head of its processes."""

    port: int
    pid: int


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        port: int = asking.getsockname()[1]
        return port


@contextmanager
def running(
    name: str, command: tuple[str, ...], environment: Mapping[str, str], folder: Path
) -> Iterator[int]:
    """Run a program until the block ends; gives its process id."""
    program = Program(name, command, environment, folder, folder / f"{name}.log")
    process = start(program)
    try:
        yield process.pid
    except BaseException:
        print("\n".join([f"the end of the log of {name}:", *last_lines(program, 30)]))
        raise
    finally:
        stop(process, 10)


@contextmanager
def web_server(
    name: str,
    application: str,
    environment: Mapping[str, str],
    folder: Path,
    *,
    workers: int = 1,
    threads: int = 8,
) -> Iterator[Server]:
    """`application` under gunicorn, as in production but for the number of threads."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)),
        *("--keep-alive", "30", "--no-control-socket", "--log-level", "warning"),
    )
    with running(name, command, environment, folder) as pid:
        wait_for(port, name)
        yield Server(port, pid)


def wait_for(port: int, name: str) -> None:
    """Until a request is answered: gunicorn takes connections before it has the application."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        line = HTTPConnection(HOST, port, timeout=_PATIENCE)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
            time.sleep(_SETTLING)
            return
        except OSError:
            time.sleep(0.05)
        finally:
            line.close()
    raise RuntimeError(f"{name} does not answer on port {port}")


def family(pid: int) -> list[int]:
    """A process and all that came of it."""
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        for task in _tasks(found[-1]):
            todo += [int(child) for child in _read(f"{task}/children").split()]
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Used so far, in all their threads, to the nanosecond where the system counts so."""
    spent = [_read(f"{task}/schedstat").split() for pid in pids for task in _tasks(pid)]
    return sum(int(numbers[0]) for numbers in spent if numbers) / 1e9


def pss_mebibytes(pid: int) -> float:
    """Memory of one process, shared pages counted by their share; 0 where it cannot be told."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tasks(pid: int) -> list[str]:
    try:
        return [f"/proc/{pid}/task/{task}" for task in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
