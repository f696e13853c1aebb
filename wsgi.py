"""What a web server runs (`gunicorn wsgi:app`) and where `flask` finds its commands."""

from __future__ import annotations

import sys

from flask import Flask

from hotline.app import create_app
from hotline.commands.ground import ground_app, names_ground_command
from hotline.settings import load_settings
from hotline.wiring import wire


def make_app() -> Flask:
    # Keys and tables must be there before the hotline agrees to start.
    if names_ground_command(sys.argv):
        return ground_app()
    return create_app(wire(load_settings()))


app = make_app()
