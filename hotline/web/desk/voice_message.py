"""The sound of a voice message, for who may read its case. Never kept by a browser."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, abort, request, session
from flask.typing import ResponseReturnValue

from hotline import recordings
from hotline.parts import Hotline
from hotline.storage.caller_message import note_heard_in_case
from hotline.storage.recording import FETCHED, recordings_of
from hotline.web.desk.case_door import note, readable_or_404
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import Page
from hotline.web.desk.visit import visit

_KINDS = ((b"RIFF", "audio/wav"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"))
_HEARD = "heard"


def play(ref: str, place: int) -> ResponseReturnValue:
    """`place` counts the case's messages from 1: the address tells no number of a table."""
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        messages = recordings_of(tx, case.id)
        if not 1 <= place <= len(messages) or messages[place - 1].state != FETCHED:
            abort(404)
        message = messages[place - 1]
        if request.method == "GET" and is_new_listening(f"{ref}:{place}"):
            note(tx, here, case, "hear_voice_message", f"message {place}")
            heard, now = message.id, here.hotline.now()
            note_heard_in_case(tx, case.id, here.member.id, now, recording_id=heard)
    return sound_answer(here.hotline, message)


def sound_answer(hotline: Hotline, message: Any) -> ResponseReturnValue:
    """The sound, or the part of it that was asked for; 404 where there is none any more."""
    try:
        sound = recordings.sound_of(hotline, message)
    except FileNotFoundError:
        # A backup put back without its recordings: the row outlived the file.
        abort(404)
    response = Response(sound, mimetype=kind_of(sound))
    # A player that goes on after a break asks whether it is still the same sound (If-Range).
    response.set_etag(hashlib.sha256(str(message.file).encode()).hexdigest()[:32])
    response.make_conditional(request, accept_ranges=True, complete_length=len(sound))
    return response


def is_new_listening(heard: str) -> bool:
    """One line in the audit chain for one listening, however many parts a player asks for.

    A part from the middle belongs to the listening before it; where there was none it is one.
    """
    begins = request.range is None or any(since == 0 for since, _ in request.range.ranges)
    if not begins and session.get(_HEARD) == heard:
        return False
    session[_HEARD] = heard
    return True


def kind_of(sound: bytes) -> str:
    """By its first bytes: what the carrier called it is not to be trusted."""
    for beginning, kind in _KINDS:
        if sound.startswith(beginning):
            return kind
    is_mpeg = len(sound) > 1 and sound[0] == 0xFF and sound[1] & 0xE0 == 0xE0
    return "audio/mpeg" if is_mpeg else "application/octet-stream"


PAGES = (Page("/cases/<ref>/voice/<int:place>", "voice_message", play, WORK_CASES, proves=True),)
