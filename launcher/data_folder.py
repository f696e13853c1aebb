"""The data folder: one launcher at a time, and a demo's folder is told from a real one's."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

_DEMO_FILE = "demo-secrets.json"


class FolderTaken(Exception):
    """Another launcher runs here; the message says which and where it answers."""


class NoDemoFolder(Exception):
    """The folder holds data that no demo made."""


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """Made once for each demo folder. Every one begins with "demo", so that `run` can refuse it."""

    secret_key: str
    account_sid: str
    auth_token: str


class DataFolder:
    """Private to its owner. `take` it before anything is written, `leave` it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self._lock: int | None = None

    def take(self) -> None:
        """Raises FolderTaken. The system itself lets go of the lock when the launcher dies."""
        lock = os.open(self.path / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = os.pread(lock, 200, 0).decode(errors="replace").strip()
            os.close(lock)
            raise FolderTaken(
                f"the hotline runs already from {self.path}" + (f": {where}" if where else "")
            ) from None
        os.ftruncate(lock, 0)
        self._lock = lock

    def say_where(self, address: str) -> None:
        """What a second start is told."""
        assert self._lock is not None, "the folder was not taken"
        os.pwrite(self._lock, address.encode(), 0)

    def leave(self) -> None:
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    @property
    def is_demo(self) -> bool:
        return self.made_by_demo(self.path)

    @staticmethod
    def made_by_demo(path: Path) -> bool:
        return (path / _DEMO_FILE).exists()

    def demo_secrets(self) -> DemoSecrets:
        """Those of this folder, made at the first start. Raises NoDemoFolder."""
        path = self.path / _DEMO_FILE
        if path.exists():
            return DemoSecrets(**json.loads(path.read_text()))
        if (self.path / "hotline.db").exists():
            raise NoDemoFolder(
                f"{self.path} holds a database that no demo made; "
                "name another folder in HOTLINE_DATA"
            )
        made = DemoSecrets(
            secret_key="demo-" + secrets.token_urlsafe(32),
            account_sid="ACdemo" + secrets.token_hex(14),
            auth_token="demo-" + secrets.token_hex(16),
        )
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(made), file)
        return made

    def empty(self) -> None:
        """Throw a demo's data away, all but the lock. Raises NoDemoFolder for any other's."""
        if not self.is_demo:
            raise NoDemoFolder(f"{self.path} is not a demo's folder; nothing was removed")
        for child in self.path.iterdir():
            if child.name in ("launcher.lock", _DEMO_FILE):
                continue
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        (self.path / _DEMO_FILE).unlink()
