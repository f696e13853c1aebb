"""Keys and tables from the command line: each command says in one line what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from hotline.commands.ground import make_keys, rotate_keys, upgrade_database
from hotline.key_ring import read_key_ring
from hotline.storage.database import Database
from hotline.storage.schema import all_tables
from hotline.storage.staff_member import add_staff
from hotline.vault import open_vault


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    names = {
        "HOTLINE_CARRIER": "twilio",
        "HOTLINE_NUMBER": "+85523900900",
        "HOTLINE_DATA": str(tmp_path / "data"),
        "HOTLINE_KEYS": str(tmp_path / "keys"),
        "HOTLINE_SECRET_KEY": "k" * 40,
        "PUBLIC_BASE_URL": "https://line.example.org",
        "DATABASE_URL": database_url,
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    return names


def run(command) -> Result:
    return CliRunner().invoke(command)


def test_keys_are_made_once(settings: dict[str, str]) -> None:
    assert run(make_keys).exit_code == 0
    before = Path(settings["HOTLINE_KEYS"]).read_bytes()
    again = run(make_keys)
    assert again.exit_code == 1
    assert "left as it is" in again.output
    assert Path(settings["HOTLINE_KEYS"]).read_bytes() == before


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_keys_need_a_place(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_KEYS")
    result = run(make_keys)
    assert result.exit_code == 1
    assert "HOTLINE_KEYS is missing" in result.output


def test_an_upgrade_makes_the_tables_and_may_be_repeated(settings: dict[str, str]) -> None:
    for _ in range(2):
        result = run(upgrade_database)
        assert result.output == "the database is up to date\n"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_upgrade_with_wrong_settings_names_them(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_NUMBER", "x")
    result = run(upgrade_database)
    assert result.exit_code == 1
    assert "HOTLINE_NUMBER" in result.output


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_unreachable_database_is_one_line(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run(upgrade_database)
    assert result.exit_code == 1
    assert result.output.startswith("Error: the database refused")
    assert result.output.count("\n") == 1


def test_turned_keys_open_everything_and_seal_the_new(
    settings: dict[str, str], tmp_path: Path
) -> None:
    run(make_keys)
    run(upgrade_database)
    keys = Path(settings["HOTLINE_KEYS"])
    before = open_vault(keys)
    database = Database(settings["DATABASE_URL"], writer_lock=tmp_path / "data" / "writer.lock")
    phone = b"+85510111001"
    with database.transaction() as tx:
        add_staff(
            tx,
            name="Dara",
            role="duty",
            phone_sealed=before.encrypt(phone, "staff.phone"),
            phone_index=before.index("staff", phone.decode()),
            created_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    result = run(rotate_keys)
    assert result.output == "key 2 seals from now on; 1 things were sealed anew\n"
    with database.reading() as tx:
        sealed = tx.scalar(sa.select(all_tables().tables["staff"].c.phone_sealed))
    database.close()
    after = open_vault(keys)
    assert after.is_fresh(sealed)
    assert after.decrypt(sealed, "staff.phone") == before.decrypt(sealed, "staff.phone") == phone
    assert list(read_key_ring(keys).sealing) == [2, 1]
