"""What a web server runs (`gunicorn wsgi:app`) and where `flask` finds its commands."""

from __future__ import annotations

import sys

from flask import Flask

from hotline.app import create_app
from hotline.commands import asks_for_command, command_app
from hotline.logs import set_up_logs
from hotline.settings import load_settings
from hotline.wiring import wire


def make_app() -> Flask:
    if asks_for_command(sys.argv):
        return command_app()
    set_up_logs()
    return create_app(wire(load_settings()))


app = make_app()
