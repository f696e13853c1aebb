"""Read a backup from its beginning to its end, believing nothing of it.

It is read twice: first to see that all of it is there, whole and of this line, then to take it in.
Both times the same checks are made, so that what is taken in is what was looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from hotline import backup_form as form
from hotline.backup_crypt import opened_with
from hotline.backup_fault import BackupFault
from hotline.backup_making import seals_of
from hotline.parts import Hotline

_PIECE = 1024 * 1024
_DAMAGED = "this backup is damaged: {}"


class Taker(Protocol):
    """Who is handed what a backup holds, in its order."""

    def take_head(self, head: form.Head) -> None: ...

    def take_rows(self, table: str, rows: list[list[Any]]) -> None: ...

    def take_file(self, folder: str, name: str, content: IO[bytes]) -> None: ...


def read_backup(
    hotline: Hotline, path: Path, identities: Sequence[Any], what: str, taker: Taker
) -> tuple[form.Head, dict[str, int]]:
    """Its head, and how many rows and files it held. Raises BackupFault, at the latest at the end.

    What was handed on until then must be taken back.
    """
    with opened_with(path, identities) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as parts:
                reading = _Reading(parts, what, taker)
                reading.read()
        except (tarfile.TarError, EOFError):
            raise BackupFault(f"{path} is no backup of a hotline") from None
        while stream.read(_PIECE):
            pass  # to the very end: only there age can tell that nothing was cut off
    assert reading.head is not None
    seals = seals_of(hotline, reading.head, reading.manifest)
    if not any(hmac.compare_digest(reading.seal, seal) for seal in seals):
        raise BackupFault(
            f"{path} was not made with the key ring that HOTLINE_KEYS names: bring back the ring "
            "of that line first (flask restore-keys)"
        )
    return reading.head, {name: tally.rows for name, tally in reading.tallies.items()}


class _Reading:
    def __init__(self, parts: tarfile.TarFile, what: str, taker: Taker) -> None:
        self._parts, self._what, self._taker = parts, what, taker
        self.head: form.Head | None = None
        self.tallies: dict[str, form.Tally] = {}
        self.manifest = self.seal = b""
        self._now: tuple[str, Any, int] = ("", None, 0)  # table or folder, its hash, next number

    def read(self) -> None:
        for member in self._parts:
            content = self._parts.extractfile(member) if member.isreg() else None
            if content is None or self.seal:
                raise BackupFault(_DAMAGED.format("it holds what no backup holds"))
            self._take(member, content)
        if not self.seal:
            raise BackupFault(_DAMAGED.format("its end is missing"))

    def _take(self, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        if self.head is None:
            if member.name != form.HEAD:
                raise BackupFault("this is no backup of a hotline")
            self.head = form.read_head(_small(member, content))
            self._check_kind(self.head)
            self._taker.take_head(self.head)
        elif member.name == form.MANIFEST:
            self._end_of_one()
            self.manifest = _small(member, content)
            if self.manifest != form.write_manifest(form.Manifest(self._all(self.head))):
                raise BackupFault(_DAMAGED.format("what it holds is not what it should hold"))
        elif member.name == form.SEAL and self.manifest:
            self.seal = _small(member, content)
        else:
            self._take_part(self.head, member, content)

    def _check_kind(self, head: form.Head) -> None:
        if head.what != self._what:
            wanted = "the keys of the cases" if self._what == form.CASE_KEYS else "a whole line"
            raise BackupFault(f"this backup does not hold {wanted}: name the other file")

    def _take_part(self, head: form.Head, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        found = form.PART.fullmatch(member.name)
        if found is None:
            raise BackupFault(_DAMAGED.format("it names a file that no backup holds"))
        table = found["table"]
        self._go_on_with(table or found["folder"] or form.SPOOL)
        name, digest, number = self._now
        tally = self.tallies[name]
        if table is None:
            digest.update(f"{member.name} {member.size}\n".encode())
            counted = _Hashing(content, digest)
            self._taker.take_file(name, member.name.split("/")[1], counted)  # type: ignore[arg-type]
            counted.read()
            tally.rows += 1
            return
        if table not in head.tables or int(found["number"]) != number:
            raise BackupFault(_DAMAGED.format("its parts are not in order"))
        part = _small(member, content)
        digest.update(part)
        rows = form.rows_in(head.tables[table], part)
        tally.rows += len(rows)
        self._taker.take_rows(table, rows)
        self._now = (name, digest, number + 1)

    def _go_on_with(self, name: str) -> None:
        if name == self._now[0]:
            return
        self._end_of_one()
        if name in self.tallies:
            raise BackupFault(_DAMAGED.format("its parts are not in order"))
        self.tallies[name] = form.Tally()
        self._now = (name, hashlib.sha256(), 0)

    def _end_of_one(self) -> None:
        name, digest, _ = self._now
        if name:
            self.tallies[name].digest = digest.hexdigest()

    def _all(self, head: form.Head) -> dict[str, form.Tally]:
        """Also of what is empty: nothing of it went by."""
        folders = (form.RECORDINGS, form.SPOOL) if head.what == form.LINE else ()
        nothing = hashlib.sha256().hexdigest()
        for name in (*head.tables, *folders):
            self.tallies.setdefault(name, form.Tally(0, nothing))
        return self.tallies


class _Hashing:
    """A file that is hashed while it is read; read it to its end."""

    def __init__(self, content: IO[bytes], digest: Any) -> None:
        self._content, self._digest = content, digest

    def read(self, size: int = _PIECE) -> bytes:
        piece = self._content.read(size)
        self._digest.update(piece)
        return piece


def _small(member: tarfile.TarInfo, content: IO[bytes]) -> bytes:
    if member.size > form.LARGEST_PART:
        raise BackupFault(_DAMAGED.format("a part is larger than any we write"))
    return content.read()
