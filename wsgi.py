"""What a web server runs (`gunicorn wsgi:app`) and where `flask` finds its commands."""

from __future__ import annotations

import sys

from flask import Flask

from hotline.commands import asks_for_command, command_app


def make_app() -> Flask:
    if asks_for_command(sys.argv):
        return command_app()
    # Loaded for serving only: a command need not wait for the webhooks and the desk.
    from hotline.app import create_app
    from hotline.logs import set_up_logs
    from hotline.settings import load_settings
    from hotline.wiring import wire

    set_up_logs()
    return create_app(wire(load_settings()))


app = make_app()
