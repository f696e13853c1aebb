"""Only the desk has sessions."""

from __future__ import annotations

from flask import Flask, session

from hotline.web.desk.session_cookie import DeskSessions
from tests.web.desk.desk import Desk


def app_that_counts_visits() -> Flask:
    app = Flask("sessions-under-test")
    app.session_interface = DeskSessions()
    app.config.update(SECRET_KEY="k" * 32, SESSION_COOKIE_PATH="/desk", SESSION_COOKIE_NAME="desk")

    @app.get("/desk/")
    def desk() -> str:
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    @app.post("/calls/twilio/turn")
    def turn() -> str:
        return str("visits" in session)

    return app


def test_the_desk_remembers_who_comes_back():
    client = app_that_counts_visits().test_client()
    assert [client.get("/desk/").text, client.get("/desk/").text] == ["1", "2"]


def test_a_webhook_neither_reads_nor_sets_the_cookie_of_the_desk():
    client = app_that_counts_visits().test_client()
    cookie = client.get("/desk/").headers["Set-Cookie"].partition(";")[0]
    answer = client.post("/calls/twilio/turn", headers={"Cookie": cookie})
    assert answer.text == "False"
    assert "Set-Cookie" not in answer.headers


def test_the_hotline_keeps_its_sessions_so(desk: Desk):
    assert isinstance(desk.app.session_interface, DeskSessions)
