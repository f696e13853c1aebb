"""Old backups go, the keys of the cases sooner; nothing else in the folder is touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline import backup_folder
from hotline.backup_making import OF_CASE_KEYS

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def put(folder: Path, days: int) -> str:
    name = backup_folder.name_at(NOON - timedelta(days=days))
    for path in (folder / name, folder / (name + OF_CASE_KEYS)):
        path.touch()
    return name


def test_what_is_old_goes_and_the_keys_sooner(tmp_path: Path) -> None:
    names = {days: put(tmp_path, days) for days in (0, 13, 15, 31)}
    strange = ["hotline-notes.txt", "hotline-99999999-999999Z.age", "photo.jpg"]
    for name in strange:
        (tmp_path / name).touch()
    assert backup_folder.delete_old(tmp_path, NOON, timedelta(days=30)) == 3
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        names[0],
        names[0] + OF_CASE_KEYS,
        names[13],
        names[13] + OF_CASE_KEYS,
        names[15],
        *strange,
    }


def test_what_was_broken_off_goes_and_counts_for_no_backup(tmp_path: Path) -> None:
    name = put(tmp_path, 40)
    halves = [
        tmp_path / (backup_folder.name_at(NOON - timedelta(days=d)) + ".part") for d in (0, 2)
    ]
    halves.append(tmp_path / (name + OF_CASE_KEYS + ".part"))
    for half in halves:
        half.touch()
    assert backup_folder.delete_old(tmp_path, NOON, timedelta(days=30)) == 2
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {name, name + OF_CASE_KEYS, halves[0].name}


def test_the_newest_stays_however_old_it_is(tmp_path: Path) -> None:
    put(tmp_path, 400)
    assert backup_folder.delete_old(tmp_path, NOON, timedelta(days=14)) == 0
