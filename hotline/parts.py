"""The parts every feature is given: one value, made once by the wiring and handed on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from hotline.carriers.protocol import Carrier
from hotline.core.categories import Categories
from hotline.core.escalation import Policies
from hotline.core.keywords import Keywords
from hotline.core.library import Library
from hotline.core.retention import Schedule
from hotline.core.triage import Triage
from hotline.doorbell import Doorbell
from hotline.settings import Settings
from hotline.spool import Spool
from hotline.storage.database import Database, Transaction
from hotline.vault import Vault


@dataclass(frozen=True, slots=True)
class Hotline:
    """Everything that is the same for all callers. `carriers` in order of preference."""

    settings: Settings
    database: Database
    carriers: Mapping[str, Carrier]
    library: Library
    keywords: Keywords
    policies: Policies
    triage: Triage
    schedule: Schedule
    categories: Categories
    vault: Vault
    doorbell: Doorbell
    spool: Spool
    now: Callable[[], datetime]  # aware, UTC
    chance: Callable[[int], bytes] = os.urandom

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Read and write, committed at the end; opened at the edges only."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Transaction]:
        return self.database.reading()

    def ring(self, queues: frozenset[str] | set[str]) -> None:
        """Wake the workers of these queues; after the commit."""
        for queue in sorted(queues):
            self.doorbell.ring(queue)  # type: ignore[arg-type]
