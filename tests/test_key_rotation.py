"""After a rotation everything opens with the new key alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.key_ring import KeyRing, read_key_ring
from hotline.key_rotation import IN_CASES, SEALED, WRAPPED, reseal_everything
from hotline.storage.database import Database, Transaction
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


# ---------------------------------------------------------------- old -> both -> wrapped -> new


@pytest.fixture
def loose_database(database: Database) -> Iterator[Database]:
    """One that takes rows which point at nothing: it is the seals that count here."""
    with pytest.MonkeyPatch.context() as patch:
        begin = database.transaction

        @contextmanager
        def transaction() -> Iterator[Transaction]:
            if database.is_sqlite:
                engine = database._open()[0]
                with engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            with begin() as tx:
                if not database.is_sqlite:
                    tx.exec_driver_sql("SET LOCAL session_replication_role = replica")
                yield tx

        patch.setattr(database, "transaction", transaction)
        yield database
    if database.is_sqlite:
        database.close()


def sealed_everywhere(database: Database) -> dict[tuple[str, str], bytes]:
    """One row in every table that has something sealed by the ring; what stands in each column."""
    wanted: dict[tuple[str, str], bytes] = {}
    with database.transaction() as tx:
        for table in all_tables().sorted_tables:
            sealed = [
                name for table_name, name in WRAPPED | SEALED.keys() if table_name == table.name
            ]
            if not sealed:
                continue
            values = _filled(table, 7)
            (key,) = table.primary_key.columns
            values[key.name] = 7
            for name in sealed:
                words = f"{table.name}.{name}".encode()
                wanted[table.name, name] = words
                is_key = (table.name, name) in WRAPPED
                context = "case key" if is_key else SEALED[table.name, name](values)
                values[name] = before.encrypt(words, context)
            tx.execute(sa.insert(table), values)
    return wanted


def opened(database: Database, vault: Vault) -> dict[tuple[str, str], bytes]:
    found = {}
    with database.reading() as tx:
        for table_name, name in WRAPPED | SEALED.keys():
            (row,) = tx.execute(sa.select(all_tables().tables[table_name])).mappings()
            is_key = (table_name, name) in WRAPPED
            context = "case key" if is_key else SEALED[table_name, name](row)
            found[table_name, name] = vault.decrypt(row[name], context)
    return found


def test_every_table_goes_from_the_old_key_to_the_new_one_in_four_steps(
    loose_database: Database, tmp_path: Path
) -> None:
    wanted = sealed_everywhere(loose_database)
    assert opened(loose_database, before) == wanted  # the old key alone
    assert opened(loose_database, after) == wanted  # both, nothing sealed anew yet
    assert reseal_everything(loose_database, after, tmp_path / "none") == len(wanted)
    assert opened(loose_database, after) == wanted  # both, all under the new one
    assert opened(loose_database, at_last) == wanted  # the new key alone
    with pytest.raises(SealBroken):
        opened(loose_database, before)


def test_what_was_forgotten_and_what_a_sound_has_of_its_own_are_passed_over(
    database: Database, tmp_path: Path
) -> None:
    """An empty body is no sealed one; a sound with a key of its own is not the ring's to seal."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    wrapped = before.new_case_key()
    sound = before.case_box(wrapped).encrypt(b"sound", "recording.sound ab12")
    (folder / "ab12").write_bytes(sound)
    caller = all_tables().tables["caller"]
    with database.transaction() as tx:
        tx.execute(sa.insert(caller), {**_filled(caller, 1), "number_sealed": b""})
    assert reseal_everything(database, after, folder) == 0
    assert (folder / "ab12").read_bytes() == sound
    rewrapped = after.rewrap(wrapped)
    assert at_last.case_box(rewrapped).decrypt(sound, "recording.sound ab12") == b"sound"
