"""The web application: webhooks, sound, health and the desk around one Hotline."""

from __future__ import annotations

from flask import Flask

from hotline.commands import register_commands
from hotline.wiring import Hotline

LARGEST_BODY = 64 * 1024


def create_app(hotline: Hotline) -> Flask:
    """Everything is in the Hotline that is handed in; nothing is read from the environment here."""
    app = Flask("hotline", static_folder=None)
    app.config["SECRET_KEY"] = hotline.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.strict_slashes = False  # a redirect would break a carrier's signature
    register_commands(app, hotline)
    return app
