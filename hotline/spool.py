"""Where what a carrier tells us waits while the database is away: sealed files, in order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hotline.core.event_record import Event, read_event, record_event
from hotline.vault import Vault

_CONTEXT = "spool"
_WAITING, _SET_ASIDE = "*.waiting", ".set-aside"


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder beside the database. Files are read in the order in which they were written."""

    folder: Path
    vault: Vault

    def put(self, event: Event) -> None:
        """Keep an event safely on disk before this returns. Raises OSError when even that fails."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        plain = json.dumps(record_event(event), ensure_ascii=False).encode()
        name = f"{time.time_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}"
        being_written = self.folder / f"{name}.part"
        handle = os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self.vault.encrypt(plain, _CONTEXT))
            file.flush()
            os.fsync(file.fileno())
        being_written.rename(self.folder / f"{name}.waiting")
        self._settle()

    def waiting(self) -> Iterator[Path]:
        """The files that wait, oldest first."""
        yield from sorted(self.folder.glob(_WAITING))

    def has_waiting(self) -> bool:
        return next(self.folder.glob(_WAITING), None) is not None

    def count(self) -> tuple[int, int]:
        """How many files wait, and how many were set aside."""
        return len(list(self.folder.glob(_WAITING))), len(list(self.folder.glob(f"*{_SET_ASIDE}")))

    def everything(self) -> list[Path]:
        """What waits and what was set aside, for a backup."""
        return sorted([*self.folder.glob(_WAITING), *self.folder.glob(f"*{_SET_ASIDE}")])

    def half_written(self) -> list[Path]:
        """What a power cut left; the carrier was never told that we have it."""
        return sorted(self.folder.glob("*.part"))

    def read(self, file: Path) -> Event:
        """Raises SealBroken, or KeyError, TypeError or ValueError for a damaged file."""
        return read_event(json.loads(self.vault.decrypt(file.read_bytes(), _CONTEXT)))

    def done(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._settle()

    def set_aside(self, file: Path) -> None:
        """It cannot be replayed: out of the way of the others, but kept for a person to look at."""
        file.rename(file.with_suffix(_SET_ASIDE))
        self._settle()

    def _settle(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
