"""A line saved and put back as an operator does it, each command in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_commands import environment, flask, works

__all__ = ["environment"]


@pytest.mark.timeout(400)  # some fifteen programs, one after the other
def test_from_a_line_to_another_machine(environment: dict[str, str], tmp_path: Path) -> None:
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    works(environment, "add-staff", "Dara", "010 111 001")
    refused = flask(environment, "backup", str(tmp_path / "line.age"))
    assert refused.returncode == 1
    assert "HOTLINE_BACKUP_KEY is missing" in refused.stderr

    private = tmp_path / "private"
    told = works(environment, "make-backup-key", str(private))
    assert private.stat().st_mode & 0o777 == 0o600
    server = {**environment, "HOTLINE_BACKUP_KEY": told.strip().split("HOTLINE_BACKUP_KEY=")[1]}
    secret = private.read_text().splitlines()[1]
    leaked = flask({**server, "HOTLINE_BACKUP_KEY": secret}, "backup", str(tmp_path / "x.age"))
    assert "must never be on this machine" in leaked.stderr
    assert secret not in leaked.stderr

    folder = tmp_path / "kept"
    folder.mkdir()
    works(server, "backup", "--to-folder", str(folder), "--keep", "14d")
    works(server, "backup-keys", str(tmp_path / "ring.age"))
    saved, keys = sorted(folder.iterdir())
    assert keys.name == f"{saved.name}.case-keys.age"

    other = {**environment, "HOTLINE_DATA": str(tmp_path / "new"),
             "HOTLINE_KEYS": str(tmp_path / "new-ring")}  # fmt: skip
    identity = ("--identity", str(private))
    ring = ("--to", other["HOTLINE_KEYS"])
    works(other, "restore-keys", str(tmp_path / "ring.age"), *identity, *ring)
    again = flask(other, "restore-keys", str(tmp_path / "ring.age"), *identity, *ring)
    assert "exists and is left as it is" in again.stderr
    told = works(other, "restore", str(saved), *identity)
    assert "staff\t1" in told
    assert "the audit chain is whole" in told
    taken = flask(other, "add-staff", "Dara", "010 111 002")
    assert taken.returncode == 1, "she is there"
    twice = flask(other, "restore", str(saved), *identity)
    assert twice.returncode == 1
    assert "this database is not empty" in twice.stderr
    works(other, "verify-audit")


def test_what_is_asked_wrongly_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    for words, sentence in (
        (("backup",), "name a FILE"),
        (("backup", "--to-folder", str(tmp_path), "--keep", "90d"), "write 14d to 30d"),
        (("restore", "gone.age", "--identity", "k"), "gone.age.case-keys.age is not there"),
    ):
        done = flask(environment, *words)
        assert done.returncode != 0
        assert sentence in done.stderr
