"""The flask commands an operator needs, one file a subject."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from hotline.commands.backup import backup_commands
from hotline.commands.door import door_commands
from hotline.commands.flows import flow_commands
from hotline.commands.ground import ground_commands
from hotline.commands.lists import list_commands
from hotline.commands.reach import reach_commands
from hotline.commands.rehearsal import rehearsal_commands
from hotline.commands.retention import retention_commands
from hotline.commands.rota import rota_commands
from hotline.commands.services import service_commands
from hotline.commands.shifts import shift_commands
from hotline.commands.staff import staff_commands
from hotline.commands.texts import text_commands

ALL: tuple[click.Command, ...] = (
    *ground_commands,
    *backup_commands,
    *flow_commands,
    *text_commands,
    *staff_commands,
    *door_commands,
    *reach_commands,
    *rota_commands,
    *shift_commands,
    *rehearsal_commands,
    *retention_commands,
    *list_commands,
    *service_commands,
)


def asks_for_command(arguments: list[str]) -> bool:
    """Is this command line (sys.argv) flask's, and not for serving?"""
    program = Path(arguments[0]) if arguments else Path()
    name = program.parent.name if program.name == "__main__.py" else program.name
    return name == "flask" and not {"run", "routes"} & set(arguments[1:])


def command_app() -> Flask:
    """An application that has the commands and nothing else: each opens what it needs.

    Keys, tables and proofs must be there before the hotline agrees to start.
    """
    app = Flask("hotline.commands", static_folder=None)
    for command in ALL:
        app.cli.add_command(command)
    return app
