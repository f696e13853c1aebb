"""The floors: a Flask app that checks nothing, keeps nothing and says the same every time."""

from __future__ import annotations

import http.client
import os
import sqlite3
import threading
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, request, send_from_directory

TWIML = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather action="https://hotline.example.org'
    '/calls/twilio/turn?n=4&amp;l=km" method="POST" numDigits="1" timeout="6" finishOnKey="" '
    'actionOnEmptyResult="true"><Play>https://hotline.example.org/audio/km/V_MAIN_MENU.0123456789'
    'ab.mp3</Play></Gather><Redirect method="POST">https://hotline.example.org/calls/twilio/turn'
    "?n=4&amp;l=km</Redirect></Response>"
)
_AUDIO = Path(__file__).absolute().parent.parent / "audio"
_YEAR = 31536000

app = Flask(__name__, static_folder=None)
_mine = threading.local()


@app.post("/floor")
def answer() -> Response:
    return Response(TWIML, mimetype="text/xml")


@app.get("/audio/<path:name>")
def send_sound(name: str) -> Response:
    return send_from_directory(_AUDIO, name, max_age=_YEAR, conditional=True)


@app.post("/inline")
def send_inline() -> Response:
    """The shortest way to a text on the wire: one row on disk, then the carrier, then the answer.

    Nobody should build this: the caller waits for the carrier, and a text is lost if it is away.
    """
    sid = request.form["CallSid"]
    database = _database()
    database.execute("INSERT INTO outbox(sid) VALUES (?)", (sid,))
    line = _carrier()
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"To": "+85510111001", "From": "+85523900900", "Body": sid})
    line.request("POST", "/2010-04-01/Accounts/AC/Messages.json", form, head)
    line.getresponse().read()
    return Response(TWIML, mimetype="text/xml")


def _database() -> sqlite3.Connection:
    if not hasattr(_mine, "database"):
        _mine.database = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None)
        _mine.database.execute("PRAGMA journal_mode=WAL")
        _mine.database.execute("PRAGMA synchronous=FULL")
        _mine.database.execute("CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY, sid)")
    database: sqlite3.Connection = _mine.database
    return database


def _carrier() -> http.client.HTTPConnection:
    if not hasattr(_mine, "carrier"):
        _mine.carrier = http.client.HTTPConnection("127.0.0.1", int(os.environ["FLOOR_CARRIER"]))
    carrier: http.client.HTTPConnection = _mine.carrier
    return carrier
