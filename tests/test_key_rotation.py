"""After a rotation everything opens with the new key alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.key_ring import KeyRing, read_key_ring
from hotline.key_rotation import IN_CASES, SEALED, WRAPPED, reseal_everything
from hotline.storage.database import Database
from hotline.storage.schema import all_tables
from hotline.storage.sealed import sealed_columns
from hotline.vault import SealBroken, Vault

OLD, NEW, INDEX = (bytes([n]) * 32 for n in range(3))
before = Vault(KeyRing({1: OLD}, {1: INDEX}))
after = Vault(KeyRing({2: NEW, 1: OLD}, {1: INDEX}))
at_last = Vault(KeyRing({2: NEW}, {1: INDEX}))
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_every_sealed_column_has_its_place_in_the_rotation() -> None:
    """Red here: a new sealed column; say in key_rotation.py which key seals it and for what."""
    assert sealed_columns() == WRAPPED | SEALED.keys() | IN_CASES


def add_rows(database: Database, count: int) -> None:
    caller = all_tables().tables["caller"]
    with database.transaction() as tx:
        for number in range(count):
            words = f"+855{number}".encode()
            values = _filled(caller, number)
            values["number_sealed"] = before.encrypt(words, "caller.number")
            tx.execute(sa.insert(caller), values)


def _filled(table: sa.Table, number: int) -> dict[str, object]:
    """Something for every column that must have something."""
    values: dict[str, object] = {}
    for column in table.columns:
        if column.nullable or column.primary_key or column.default is not None:
            continue
        kind = column.type
        if isinstance(kind, sa.LargeBinary):
            values[column.name] = number.to_bytes(16, "big")
        elif isinstance(kind, sa.Boolean):
            values[column.name] = False
        elif isinstance(kind, sa.String):
            values[column.name] = "x"
        elif isinstance(kind, sa.Integer):
            values[column.name] = number
        else:
            values[column.name] = NOON
    return values


def test_what_the_old_key_sealed_opens_with_the_new_key_alone(
    database: Database, tmp_path: Path
) -> None:
    add_rows(database, 450)
    folder = tmp_path / "recordings"
    folder.mkdir()
    (folder / "ab12").write_bytes(before.encrypt(b"sound", "recording.sound ab12"))

    assert reseal_everything(database, after, folder) == 451
    assert reseal_everything(database, after, folder) == 0

    caller = all_tables().tables["caller"]
    with database.reading() as tx:
        rows = tx.scalars(sa.select(caller.c.number_sealed).order_by(caller.c.id)).all()
    numbers = [at_last.decrypt(sealed, "caller.number").decode() for sealed in rows]
    assert numbers == [f"+855{number}" for number in range(450)]
    sound = (folder / "ab12").read_bytes()
    assert at_last.decrypt(sound, "recording.sound ab12") == b"sound"
    assert [path.name for path in folder.iterdir()] == ["ab12"]


def test_what_cannot_be_opened_stops_the_rotation_and_says_so(
    database: Database, tmp_path: Path
) -> None:
    add_rows(database, 1)
    with pytest.raises(SealBroken, match="no key on the ring"):
        reseal_everything(database, at_last, tmp_path / "none")


def test_the_ring_on_disk_is_the_ring_in_use(key_ring_file: Path, vault: Vault) -> None:
    again = Vault(read_key_ring(key_ring_file))
    assert again.decrypt(vault.encrypt(b"words", "here"), "here") == b"words"
