"""The flask commands an operator needs, one file a subject."""

from __future__ import annotations

import click
from flask import Flask

from hotline.commands.flows import flow_commands
from hotline.commands.ground import ground_commands
from hotline.commands.lists import list_commands
from hotline.commands.staff import staff_commands
from hotline.commands.texts import text_commands
from hotline.parts import Hotline


def register_commands(app: Flask, hotline: Hotline) -> None:
    """Add every command to `flask`."""
    commands: list[click.Command] = [
        *ground_commands,
        *flow_commands,
        *text_commands,
        *staff_commands(hotline),
        *list_commands(hotline),
    ]
    for command in commands:
        app.cli.add_command(command)
