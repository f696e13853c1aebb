"""Commands that lay the ground: keys and tables, before the hotline itself would start."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from hotline.commands.opening import refuse_old_tables, settings_here
from hotline.key_ring import KeyRingFault, add_sealing_key, make_key_ring
from hotline.key_rotation import reseal_everything
from hotline.settings import Settings, SettingsFaults, read_env_file
from hotline.storage.database import Database, DatabaseAway
from hotline.storage.schema import NewerTables, upgrade
from hotline.vault import SealBroken, open_vault


@click.command("make-keys")
def make_keys() -> None:
    """Write the key ring that HOTLINE_KEYS names. Never touches a file that is there."""
    named = os.environ.get("HOTLINE_KEYS") or read_env_file(Path(".env")).get("HOTLINE_KEYS")
    if not named:
        raise click.ClickException("HOTLINE_KEYS is missing: name the file to write")
    try:
        make_key_ring(Path(named))
    except (KeyRingFault, OSError) as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"wrote {named}; keep a copy apart from every backup of the database")


@click.command("upgrade-database")
def upgrade_database() -> None:
    """Bring the tables to the newest form; does nothing where they are."""
    settings = _settings()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(_database(settings)) as database:
            upgrade(database)
    except (DatabaseAway, NewerTables) as fault:
        raise click.ClickException(str(fault)) from None
    click.echo("the database is up to date")


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Put a new key in front of the ring and seal everything anew under it.

    Running programs notice the new key by themselves. Where this was stopped half-way, the next
    rotation catches up. The old keys stay on the ring: backups need them.
    """
    settings = _settings()
    try:
        with closing(_database(settings)) as database:
            refuse_old_tables(database)
            number = add_sealing_key(settings.keys)
            vault = open_vault(settings.keys)
            count = reseal_everything(database, vault, settings.data / "recordings")
    except (KeyRingFault, DatabaseAway, SealBroken) as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"key {number} seals from now on; {count} things were sealed anew")


ground_commands: list[click.Command] = [make_keys, upgrade_database, rotate_keys]


def _settings() -> Settings:
    try:
        return settings_here()
    except SettingsFaults as faults:
        raise click.ClickException(str(faults)) from None


def _database(settings: Settings) -> Database:
    return Database(settings.database_url, writer_lock=settings.data / "writer.lock")
