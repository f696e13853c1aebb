"""What a web server runs: `gunicorn wsgi:app`."""

from hotline.app import create_app
from hotline.settings import load_settings
from hotline.wiring import wire

app = create_app(wire(load_settings()))
