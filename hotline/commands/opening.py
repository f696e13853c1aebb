"""Opens the hotline for a command; what is wrong with the start is told in the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hotline.core.flow_fault import FlowFaults
from hotline.key_ring import KeyRingFault
from hotline.parts import Hotline
from hotline.settings import Settings, SettingsFaults, load_settings
from hotline.storage.database import Database, DatabaseAway
from hotline.storage.schema import known_revisions, newest_revision, present_revision
from hotline.wiring import ScratchRefused, wire

OWN, OF_THE_DEMO = Path(".env"), Path("demo.env")


def open_hotline() -> Hotline:
    """The hotline of the environment, its tables there.

    Raises ClickException with every fault of the start.
    """
    hotline = open_before_tables()
    refuse_old_tables(hotline.database)
    return hotline


def open_before_tables() -> Hotline:
    """The same for what may come before `flask upgrade-database`. Raises ClickException."""
    try:
        return wire(settings_here())
    except (SettingsFaults, FlowFaults, KeyRingFault, ScratchRefused) as fault:
        raise click.ClickException(str(fault)) from None


def refuse_old_tables(database: Database) -> None:
    """Raises ClickException. Newer tables are taken: the version before must go on running."""
    try:
        with database.reading() as tx:
            present = present_revision(tx)
    except DatabaseAway as away:
        raise click.ClickException(str(away)) from None
    if present is None:
        fault = "the database has no tables yet"
    elif present != newest_revision() and present in known_revisions():
        fault = "the database is of an older version"
    else:
        return
    raise click.ClickException(f"{fault}: run `flask upgrade-database` first")


def settings_here() -> Settings:
    """From the environment and `.env`; where neither names a carrier, those of `make demo`.

    Raises SettingsFaults.
    """
    demo = Path(os.environ.get("HOTLINE_DATA", "data")) / OF_THE_DEMO
    is_set_up = OWN.exists() or "HOTLINE_CARRIER" in os.environ
    return load_settings(env_file=demo if demo.exists() and not is_set_up else OWN)
