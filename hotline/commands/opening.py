"""Opens the hotline for a command; what is wrong with the start is told in the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hotline.core.flow_fault import FlowFaults
from hotline.key_ring import KeyRingFault
from hotline.parts import Hotline
from hotline.settings import Settings, SettingsFaults, load_settings
from hotline.wiring import ScratchRefused, wire

OWN, OF_THE_DEMO = Path(".env"), Path("demo.env")


def open_hotline() -> Hotline:
    """The hotline of the environment. Raises ClickException with every fault of the start."""
    try:
        return wire(settings_here())
    except (SettingsFaults, FlowFaults, KeyRingFault, ScratchRefused) as fault:
        raise click.ClickException(str(fault)) from None


def settings_here() -> Settings:
    """From the environment and `.env`; where neither names a carrier, those of `make demo`.

    Raises SettingsFaults.
    """
    demo = Path(os.environ.get("HOTLINE_DATA", "data")) / OF_THE_DEMO
    is_set_up = OWN.exists() or "HOTLINE_CARRIER" in os.environ
    return load_settings(env_file=demo if demo.exists() and not is_set_up else OWN)
