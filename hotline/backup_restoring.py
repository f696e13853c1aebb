"""Put a line back from a backup: into an empty database, all of it or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from hotline import backup_form as form
from hotline import backup_rearming
from hotline.backup_fault import BackupFault
from hotline.backup_making import CASE_KEY, PASSING, SOUND
from hotline.backup_reading import read_backup
from hotline.key_rotation import SEALED
from hotline.parts import Hotline
from hotline.storage import restored, schema, whole_table
from hotline.storage.case import ids_of_refs
from hotline.storage.database import Transaction
from hotline.vault import is_of_the_ring

_PATIENCE = 60.0
_OTHER_RING = (
    "the key ring that HOTLINE_KEYS names is older than this backup and does not open all of it: "
    "bring back the newest copy of the ring"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now; `forgotten`: cases whose key was not in the file of keys."""

    head: form.Head
    counted: dict[str, int]
    forgotten: int
    rearmed: backup_rearming.Rearmed


def restore(
    hotline: Hotline, path: Path, case_keys: Path | None, identities: Sequence[Any]
) -> Restored:
    """Look at everything first, then take it in. Raises BackupFault; then nothing was changed."""
    folder = hotline.settings.data / form.RECORDINGS
    _refuse_what_is_in_use(hotline, folder)
    head, counted = read_backup(hotline, path, identities, form.LINE, _Looking(hotline))
    if head.revision not in schema.known_revisions():
        raise BackupFault("this backup was made by a newer hotline: update this one first")
    if case_keys is not None:
        read_backup(hotline, case_keys, identities, form.CASE_KEYS, _Looking(hotline))
    waiting = hotline.settings.data / backup_rearming.SPOOL
    files = {form.RECORDINGS: folder, form.SPOOL: waiting}
    try:
        with hotline.database.transaction(patience=_PATIENCE) as tx:
            forgotten = _take_in(hotline, tx, head, path, case_keys, identities, files)
            rearmed = backup_rearming.rearm(hotline, tx, head)
    except BaseException:
        for place in files.values():
            shutil.rmtree(place, ignore_errors=True)
        raise
    rearmed = backup_rearming.take_up_spool(hotline, rearmed)
    return Restored(head, counted, forgotten, rearmed)


def _refuse_what_is_in_use(hotline: Hotline, folder: Path) -> None:
    with hotline.database.transaction(patience=_PATIENCE) as tx:
        table = whole_table.first_with_rows(tx)
    if table is not None:
        raise BackupFault(
            f"this database is not empty (there are rows in {table}): nothing is put over what is "
            "there. Name a new one in DATABASE_URL, or another folder in HOTLINE_DATA"
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise BackupFault(f"{folder} is not empty: move it away first")


def _take_in(
    hotline: Hotline,
    tx: Transaction,
    head: form.Head,
    path: Path,
    case_keys: Path | None,
    identities: Sequence[Any],
    files: dict[str, Path],
) -> int:
    whole_table.rest_for_long(tx)
    present = schema.present_revision(tx)
    if present not in (None, head.revision):
        raise BackupFault(
            f"this database has tables of revision {present}, the backup is of {head.revision}: "
            "begin with a database without tables"
        )
    schema.upgrade_within(tx, head.revision)
    seen, _ = read_backup(hotline, path, identities, form.LINE, _Taking(tx, head, files))
    keys = _TakingKeys(tx)
    if case_keys is not None:
        read_backup(hotline, case_keys, identities, form.CASE_KEYS, keys)
    if form.write_head(seen) != form.write_head(head):
        raise BackupFault(f"{path} was changed while it was read")
    whole_table.count_on(tx, list(head.tables))
    schema.upgrade_within(tx)
    for file in restored.forget_sounds_without_key(tx):
        (files[form.RECORDINGS] / file).unlink(missing_ok=True)
    return whole_table.cases_without_key(tx)


@dataclass(slots=True)
class _Looking:
    """Takes nothing, and sees whether the ring opens what is sealed."""

    hotline: Hotline
    columns: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def take_head(self, head: form.Head) -> None:
        strange = PASSING & head.tables.keys()
        if strange:
            raise BackupFault("this backup holds tables that none holds")
        self.columns = head.tables

    def take_rows(self, table: str, rows: list[list[Any]]) -> None:
        for place, (column, _) in enumerate(self.columns[table]):
            if (table, column) in SEALED or column == "wrapped":
                self._look(row[place] for row in rows)

    def _look(self, sealed: Any) -> None:
        of_the_ring = (one for one in sealed if one and is_of_the_ring(one))
        if not all(self.hotline.vault.has_key_of(one) for one in of_the_ring):
            raise BackupFault(_OTHER_RING)

    def take_file(self, folder: str, name: str, content: IO[bytes]) -> None:
        self._look([content.read(16)])
        while content.read():
            pass


@dataclass(frozen=True, slots=True)
class _Taking:
    """Puts rows into tables and files into folders."""

    tx: Transaction
    head: form.Head
    files: dict[str, Path]

    def take_head(self, head: form.Head) -> None:
        for folder in self.files.values():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take_rows(self, table: str, rows: list[list[Any]]) -> None:
        whole_table.fill(self.tx, table, self.head.tables[table], rows)

    def take_file(self, folder: str, name: str, content: IO[bytes]) -> None:
        # Its name was matched: 32 hexadecimal signs, or that of a spooled event.
        handle = os.open(self.files[folder] / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            while piece := content.read():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class _TakingKeys:
    """Gives each case its key back by its reference; a case that is not here has none to get."""

    tx: Transaction

    def take_head(self, head: form.Head) -> None:
        pass

    def take_rows(self, table: str, rows: list[list[Any]]) -> None:
        if table == SOUND:
            restored.give_sounds_their_keys(self.tx, rows)
            return
        ids = ids_of_refs(self.tx, [row[0] for row in rows])
        found = [(ids[ref], wrapped) for ref, wrapped in rows if ref in ids]
        whole_table.fill(self.tx, CASE_KEY, [("case_id", "int"), ("wrapped", "bytes")], found)

    def take_file(self, folder: str, name: str, content: IO[bytes]) -> None:
        raise BackupFault("a file of case keys holds no other files")
