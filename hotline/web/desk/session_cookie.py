"""The session cookie belongs to the desk alone: no carrier sends one, and none is sent to it."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class DeskSessions(SecureCookieSessionInterface):
    """Elsewhere than under the cookie's path nothing is signed or checked: it costs each turn."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.path.startswith(self.get_cookie_path(app)):
            return None
        return super().open_session(app, request)
