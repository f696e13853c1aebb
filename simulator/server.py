"""The web server of the phone company: loopback only unless told otherwise, quiet, threaded."""

from __future__ import annotations

import ipaddress
import socket
import threading

from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.company import Company
from simulator.page import make_page
from simulator.rest import make_api

POLICY = (
    "default-src 'self'; media-src 'self' blob: http: https:; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


class NotLoopback(Exception):
    """The address would let others reach a phone company without real secrets."""


def make_app(company: Company, *, desk_url: str = "", hosts: frozenset[str] | None = None) -> Flask:
    """The whole company as a WSGI app. `hosts`: names it may be called by; None allows all."""
    app = Flask("simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 8 * 1024 * 1024

    def check_host() -> tuple[str, int] | None:
        if hosts is not None and request.host.rsplit(":", 1)[0] not in hosts:
            return "this phone company answers on this machine only\n", 403
        return None

    app.before_request(check_host)
    app.after_request(_add_headers)
    app.register_blueprint(make_api(company))
    app.register_blueprint(make_page(company, desk_url))
    return app


def _add_headers(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if request.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "no-cache"
    return answer


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The page has its own log; a terminal full of polling helps nobody."""


class Server:
    """Bound at once (so that its address is known), serving from `start`.

    At `door`, a socket that listens already, if there is one; else at `port`.
    """

    def __init__(
        self,
        company: Company,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        door: socket.socket | None = None,
        allows_others: bool = False,
        desk_url: str = "",
    ) -> None:
        if not (allows_others or is_loopback(host)):
            raise NotLoopback(f"{host} is not this machine; use 127.0.0.1 or --allow-others")
        hosts = None if allows_others else frozenset({"127.0.0.1", "localhost", "[::1]", host})
        app = make_app(company, desk_url=desk_url, hosts=hosts)
        # Not left to werkzeug, which would exit where this raises OSError.
        with door or socket.create_server((host, port)) as opened:
            self._server: BaseWSGIServer = make_server(
                host, port, app, threaded=True, request_handler=_QuietHandler, fd=opened.fileno()
            )
        setattr(self._server, "daemon_threads", True)  # noqa: B010  unknown to the type's author
        self._thread: threading.Thread | None = None
        self.address = f"http://{host}:{self._server.server_address[1]}"
        company.exchange.address = self.address

    def start(self) -> None:
        """Serve in a thread."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="phone company", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and let go of the port."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()


def is_loopback(host: str) -> bool:
    """Only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
