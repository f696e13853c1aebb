"""The web application: webhooks, sound, health and the desk around one Hotline."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline.standing_in import Watch
from hotline.web.audio import audio_blueprint
from hotline.web.calendar import calendar_blueprint
from hotline.web.call_webhooks import call_blueprint
from hotline.web.desk.entrance import desk_blueprint
from hotline.web.health import health_blueprint
from hotline.web.text_webhooks import text_blueprint
from hotline.web.voice_sounds import voice_blueprint
from hotline.web.watching import Watchman
from hotline.wiring import Hotline

LARGEST_BODY = 64 * 1024
MOST_PARTS = 200


def create_app(hotline: Hotline) -> Flask:
    """Everything is in the Hotline that is handed in; nothing is read from the environment here."""
    app = Flask("hotline", static_folder=None)
    app.config["SECRET_KEY"] = hotline.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = MOST_PARTS
    # A redirect would break a carrier's signature.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    if hotline.settings.proxies:
        # Only who is asking is taken from them: what we are called is PUBLIC_BASE_URL's to say.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hotline.settings.proxies, x_proto=0, x_host=0
        )
    # Not started here: gunicorn.conf.py does it in each worker, and a test where it asks for it.
    app.extensions["watchman"] = Watchman(Watch(hotline))
    app.register_blueprint(call_blueprint(hotline))
    app.register_blueprint(text_blueprint(hotline))
    app.register_blueprint(audio_blueprint(hotline))
    app.register_blueprint(voice_blueprint(hotline))
    app.register_blueprint(health_blueprint(hotline))
    app.register_blueprint(calendar_blueprint(hotline))
    app.register_blueprint(desk_blueprint(hotline))
    return app
