"""The sound of a voice message, for who may read its case. Never kept by a browser."""

from __future__ import annotations

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from hotline import recordings
from hotline.storage.recording import FETCHED, recordings_of
from hotline.web.desk.case import note, readable_or_404
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import Page
from hotline.web.desk.visit import visit

_KINDS = ((b"RIFF", "audio/wav"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"))


def play(ref: str, place: int) -> ResponseReturnValue:
    """`place` counts the case's messages from 1: the address tells no number of a table."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        messages = recordings_of(tx, case.id)
        if not 1 <= place <= len(messages) or messages[place - 1].state != FETCHED:
            abort(404)
        note(tx, here, case, "hear_voice_message", f"message {place}")
    try:
        sound = recordings.sound_of(here.hotline, messages[place - 1])
    except FileNotFoundError:
        # A backup put back without its recordings: the row outlived the file.
        abort(404)
    response = Response(sound, mimetype=kind_of(sound))
    return response.make_conditional(request, accept_ranges=True, complete_length=len(sound))


def kind_of(sound: bytes) -> str:
    """By its first bytes: what the carrier called it is not to be trusted."""
    for beginning, kind in _KINDS:
        if sound.startswith(beginning):
            return kind
    is_mpeg = len(sound) > 1 and sound[0] == 0xFF and sound[1] & 0xE0 == 0xE0
    return "audio/mpeg" if is_mpeg else "application/octet-stream"


PAGES = (Page("/cases/<ref>/voice/<int:place>", "voice_message", play, WORK_CASES, proves=True),)
