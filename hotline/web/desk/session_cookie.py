"""The session cookie belongs to the desk alone: no carrier sends one, and none is sent to it."""

from __future__ import annotations

from flask import Flask, Request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from hotline.parts import Hotline
from hotline.web.desk.form_token import form_token

TOKEN = "token"  # noqa: S105 - the name of a field, not a secret
AFTERWARDS = "afterwards"


class DeskSessions(SecureCookieSessionInterface):
    """Elsewhere than under the cookie's path nothing is signed or checked: it costs each turn."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.path.startswith(self.get_cookie_path(app)):
            return None
        return super().open_session(app, request)


def renew_session(hotline: Hotline, token: str) -> None:
    """Nothing from before is worth anything now, but where somebody wanted to go."""
    afterwards = session.get(AFTERWARDS)
    session.clear()
    session[TOKEN] = token
    if afterwards:
        session[AFTERWARDS] = afterwards
    form_token(hotline)  # now, so that two first pages opened at once have the same
