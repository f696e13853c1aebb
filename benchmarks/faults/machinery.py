"""The programs of one line, each of which can be killed, frozen and started again by itself."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.faults.postgresql import PostgreSQL
from benchmarks.installation import Installation, clean_environment
from benchmarks.processes import HOST, family
from launcher import programs
from launcher.embedded_redis import answers, plan_redis
from launcher.program import Program, last_lines, start, stop

WEB, REDIS, WORKERS = "web", "redis", ("worker-1", "worker-2")
WEB_WORKERS = 2
_PATIENCE = 60.0
_NO_LIMIT = resource.RLIM_INFINITY
_HELD = ("Can't connect", "already in use")
"""What gunicorn says of a socket that is held."""


@dataclass(slots=True)
class Machinery:
    """Start and end everything from one thread: a child's leash is held by the thread it has."""

    programs: dict[str, Program]
    port: int
    redis_socket: Path
    postgresql: PostgreSQL | None
    fell: list[str] = field(default_factory=list)  # what ended without being told to
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _meant_to_run: set[str] = field(default_factory=set)

    def start(self, *names: str) -> None:
        for name in names:
            self._running[name] = start(self.programs[name])
            self._meant_to_run.add(name)

    def kill(self, name: str) -> None:
        """`kill -9` of the program and of all that came of it."""
        self._meant_to_run.discard(name)
        process = self._running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_head(self, name: str) -> None:
        """`kill -9` of the first process only; its children must notice by themselves."""
        self._meant_to_run.discard(name)
        process = self._running[name]
        process.kill()
        process.wait()

    def children(self, name: str) -> list[int]:
        return family(self._running[name].pid)[1:]

    def pids(self, *names: str) -> list[int]:
        running = [self._running[name] for name in names if name in self._running]
        return [pid for each in running if each.poll() is None for pid in family(each.pid)]

    def signal(self, pids: list[int], number: signal.Signals) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def let_files_grow_to(self, size: int | None) -> None:
        """The largest file the web and the workers may write; None: any. 0 is a full disk."""
        limit = (_NO_LIMIT if size is None else size, _NO_LIMIT)
        for pid in self.pids(WEB, *WORKERS):
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)

    def look_after(self) -> None:
        """Start again what ended without being told to, and remember it: that is a fault of ours.

        A web server whose socket was still held by the children of the one before gives up too.
        """
        for name in sorted(self._meant_to_run):
            process = self._running[name]
            if process.poll() is not None:
                lines = last_lines(self.programs[name], 50)
                if not gave_way(process.returncode, lines):
                    words = " ".join(lines[-1:])[-200:]
                    self.fell.append(f"{name} ended with {process.returncode}: {words}")
                self.start(name)

    def web_answers(self, patience: float = 1.0) -> bool:
        wire = HTTPConnection(HOST, self.port, timeout=patience)
        try:
            wire.request("GET", "/healthz")
            return wire.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            wire.close()

    def wait_for_web(self) -> None:
        """Until it answers; started again where the socket of the one before was still held."""
        deadline = time.monotonic() + _PATIENCE
        while not self.web_answers():
            assert time.monotonic() < deadline, "the web does not come up"
            self.look_after()
            time.sleep(0.05)

    def redis_answers(self) -> bool:
        return answers(self.redis_socket)

    def wait(self) -> None:
        """Until everything answers."""
        deadline = time.monotonic() + _PATIENCE
        self.wait_for_web()
        while not (self.redis_answers() and self._database_answers()):
            assert time.monotonic() < deadline, "the line does not come up"
            self.look_after()
            time.sleep(0.05)

    def _database_answers(self) -> bool:
        return self.postgresql is None or self.postgresql.answers()

    def close(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            stop(process, 5)


def gave_way(code: int | None, lines: Sequence[str]) -> bool:
    """Whether a web server ended because the one before it still held its socket.

    The children of that one write into the same log, also after it.
    """
    return code == 1 and any(said in line for line in lines for said in _HELD)


@contextmanager
def machinery(
    installation: Installation, port: int, postgresql: PostgreSQL | None
) -> Iterator[Machinery]:
    """Everything running and answering; ended with the block."""
    folder, environment = installation.folder, dict(installation.environment)
    logs = folder / "logs"
    redis = plan_redis(folder, clean_environment(), logs / "redis.log")
    known = {REDIS: redis.program}
    known[WEB] = programs.web(f"{HOST}:{port}", WEB_WORKERS, environment, logs / "web.log")
    for name in WORKERS:
        known[name] = programs.workers(environment, logs / f"{name}.log")
    running = Machinery(known, port, redis.socket, postgresql)
    try:
        running.start(REDIS, WEB, *WORKERS)
        running.wait()
        yield running
    finally:
        running.close()
