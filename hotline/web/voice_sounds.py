"""The sound of a voice message for the carrier of a staff member's call. Never kept on the way."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from hotline import recordings, voice_addresses
from hotline.parts import Hotline
from hotline.storage.recording import FETCHED, get_recording
from hotline.web.desk.voice_message import kind_of


def voice_blueprint(hotline: Hotline) -> Blueprint:
    blueprint = Blueprint("voice", __name__)

    @blueprint.get("/calls/<carrier>/voice/<token>")
    def play(carrier: str, token: str) -> ResponseReturnValue:
        recording_id = voice_addresses.message_of(hotline, carrier, token)
        if recording_id is None:
            abort(404)
        response = Response(_sound(hotline, recording_id))
        response.mimetype = kind_of(response.get_data())
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        size = len(response.get_data())
        return response.make_conditional(request, accept_ranges=True, complete_length=size)

    return blueprint


def _sound(hotline: Hotline, recording_id: int) -> bytes:
    """Looked up anew: the caller may have deleted the message since the address was made."""
    with hotline.reading() as tx:
        row = get_recording(tx, recording_id)
    if row is None or row.state != FETCHED:
        abort(404)
    try:
        return recordings.sound_of(hotline, row)
    except FileNotFoundError:
        abort(404)
