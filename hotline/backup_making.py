"""Make a backup while the line goes on: one picture of the database, and the files it names."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from hotline import backup_form as form
from hotline.backup_crypt import sealed_to
from hotline.backup_fault import BackupFault
from hotline.parts import Hotline
from hotline.storage import schema, whole_table
from hotline.storage.database import Transaction
from hotline.storage.recording import files_kept

CASE_KEY = "case_key"
OF_CASE_KEYS = ".case-keys.age"
PASSING = frozenset({"desk_session", "sign_in_attempt"})
"""Tables that are worth nothing on another day: nobody stays signed in through a restore."""

SOUND = "recording"
KEYS = {
    CASE_KEY: [("ref", "text"), ("wrapped", "bytes")],
    SOUND: [("file", "text"), ("wrapped", "bytes")],
}
"""Keys that are deleted to shred what they seal, by the reference of the case and the name of the
sound: so the keys of today fit the cases of an older backup, and open no more than they should."""

TAKEN_OUT = b""
"""Stands in a backup where the key of a sound was."""


def make_backup(hotline: Hotline, path: Path, recipients: Sequence[Any]) -> dict[str, int]:
    """Write `path`, and the keys of the cases beside it; how many of everything it holds.

    Raises BackupFault; then neither file is there.
    """
    beside = path.with_name(path.name + OF_CASE_KEYS)
    with hotline.reading() as tx:
        whole_table.rest_for_long(tx)
        now = hotline.now()
        head = _head(tx, now)
        with sealed_to(beside, recipients) as stream:
            keys = _write_case_keys(hotline, tx, head, stream)
        try:  # the keys came first: where there is a backup, there are its keys
            with sealed_to(path, recipients) as stream:
                counted = _write_line(hotline, tx, head, stream)
        except BaseException:
            beside.unlink()
            raise
    return counted | keys


def missing_sounds(hotline: Hotline) -> int:
    """Voice messages that the database names and the folder does not have: no backup has them."""
    folder = hotline.settings.data / form.RECORDINGS
    with hotline.reading() as tx, contextlib.closing(files_kept(tx)) as names:
        return sum(not (folder / name).exists() for name in names)


def _head(tx: Transaction, now: datetime) -> form.Head:
    revision = schema.present_revision(tx)
    if revision is None or revision != schema.newest_revision():
        raise BackupFault("the database is not of this version: run `flask upgrade-database` first")
    tables = whole_table.table_columns(but=PASSING | {CASE_KEY})
    return form.Head(form.LINE, revision, now, tables)


def _write_line(
    hotline: Hotline, tx: Transaction, head: form.Head, stream: IO[bytes]
) -> dict[str, int]:
    with _Parts(hotline, head, stream) as parts:
        for name, columns in head.tables.items():
            rows = whole_table.rows_of(tx, name, columns)
            parts.add_table(name, columns, _without_keys(columns, rows))
        folder = hotline.settings.data / form.RECORDINGS
        with contextlib.closing(files_kept(tx)) as names:
            parts.add_files(form.RECORDINGS, (folder / name for name in names))
        parts.add_files(form.SPOOL, hotline.spool.everything())
    return parts.counted()


def _without_keys(columns: whole_table.Columns, rows: whole_table.Rows) -> whole_table.Rows:
    place = next((n for n, (name, _) in enumerate(columns) if name == "wrapped"), None)
    with contextlib.closing(rows):
        for row in rows:
            if place is None:
                yield row
            else:
                yield [*row[:place], TAKEN_OUT if row[place] else None, *row[place + 1 :]]


def _write_case_keys(
    hotline: Hotline, tx: Transaction, head: form.Head, stream: IO[bytes]
) -> dict[str, int]:
    told = form.Head(form.CASE_KEYS, head.revision, head.taken_at, KEYS)
    with _Parts(hotline, told, stream) as parts:
        parts.add_table(CASE_KEY, KEYS[CASE_KEY], whole_table.case_keys(tx))
        parts.add_table(SOUND, KEYS[SOUND], whole_table.sound_keys(tx))
        counted = parts.counted()
    return {CASE_KEY: counted[CASE_KEY]}


class _Parts:
    """Writes part after part, counts them, and ends with the manifest and the seal."""

    def __init__(self, hotline: Hotline, head: form.Head, stream: IO[bytes]) -> None:
        self._hotline, self._head = hotline, head
        self._tar = tarfile.TarFile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)
        self._manifest = form.Manifest()

    def __enter__(self) -> _Parts:
        self._add(form.HEAD, form.write_head(self._head))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            # Else it would write its end into a stream that is gone, when it is thrown away.
            cast(Any, self._tar.fileobj).closed = True
            return
        told = form.write_manifest(self._manifest)
        self._add(form.MANIFEST, told)
        self._add(form.SEAL, seal_of(self._hotline, self._head, told))
        self._tar.close()

    def counted(self) -> dict[str, int]:
        return {name: tally.rows for name, tally in self._manifest.tallies.items()}

    def add_table(self, name: str, columns: whole_table.Columns, rows: whole_table.Rows) -> None:
        with contextlib.closing(rows), self._counting(name) as (tally, digest):
            for number, (count, part) in enumerate(form.parts_of(columns, rows)):
                self._add(f"tables/{name}/{number:06d}.gz", part)
                tally.rows += count
                digest.update(part)

    def add_files(self, folder: str, files: Iterable[Path]) -> None:
        """One that was deleted since the picture was taken was to be forgotten, and is."""
        with self._counting(folder) as (tally, digest):
            for path in files:
                with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                    self._add_file(f"{folder}/{path.name}", file, digest)
                    tally.rows += 1

    @contextlib.contextmanager
    def _counting(self, name: str) -> Iterator[tuple[form.Tally, Any]]:
        tally, digest = form.Tally(), hashlib.sha256()
        yield tally, digest
        tally.digest = digest.hexdigest()
        self._manifest.tallies[name] = tally

    def _add_file(self, name: str, file: IO[bytes], digest: Any) -> None:
        size = os.fstat(file.fileno()).st_size
        digest.update(f"{name} {size}\n".encode())
        self._add(name, _Hashed(file, digest), size)

    def _add(self, name: str, content: Any, size: int | None = None) -> None:
        member = tarfile.TarInfo(name)
        member.mode = 0o600
        member.size = len(content) if size is None else size
        self._tar.addfile(member, io.BytesIO(content) if size is None else content)


class _Hashed:
    """A file that is hashed while it is copied."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:
        self._file, self._digest = file, digest

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece


def seal_of(hotline: Hotline, head: form.Head, manifest: bytes) -> bytes:
    """Only a line with this key ring can have made it: a public key is known to more people."""
    return hotline.vault.index("backup", _sealed_words(head, manifest))


def seals_of(hotline: Hotline, head: form.Head, manifest: bytes) -> tuple[bytes, ...]:
    """With every index key there ever was on the ring."""
    return hotline.vault.indexes("backup", _sealed_words(head, manifest))


def _sealed_words(head: form.Head, manifest: bytes) -> str:
    return hashlib.sha256(form.write_head(head) + manifest).hexdigest()
