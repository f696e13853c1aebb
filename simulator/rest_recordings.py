"""Recordings of the API: list, fetch as JSON, WAV or MP3, delete."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.company import Company
from simulator.recordings import Recording
from simulator.rest_errors import Refused
from simulator.rest_lists import page_of, write_date


def recording_routes(api: Blueprint, company: Company) -> None:
    """Add them to the API. `hear` is open to all in the Somleng dialect."""
    desk = _RecordingDesk(company)
    api.add_url_rule("/Recordings.json", "list_recordings", desk.list, methods=["GET"])
    api.add_url_rule("/Calls/<call_sid>/Recordings.json", "list_of_call", desk.list)
    api.add_url_rule("/Recordings/<name>", "hear", desk.hear, methods=["GET"])
    api.add_url_rule("/Recordings/<name>", "delete_recording", desk.delete, methods=["DELETE"])


class _RecordingDesk:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._dialect = company.exchange.account.dialect

    def list(self, call_sid: str = "") -> Response:
        wanted = call_sid or request.args.get("CallSid", "")
        found = [each for each in self._company.recordings.all() if wanted in ("", each.call_sid)]
        return jsonify(page_of("recordings", found, lambda each: _write(self._company, each)))

    def hear(self, name: str) -> Response:
        sid, _, form = name.partition(".")
        recording = self._company.recordings.get(sid)
        if recording is None:
            raise Refused("20404")
        if form == "json":
            return jsonify(_write(self._company, recording))
        if form in ("", "wav"):
            return Response(recording.wav, mimetype="audio/x-wav")
        if form == "mp3":
            return Response(to_mp3(recording.wav), mimetype="audio/mpeg")
        raise Refused("20404")

    def delete(self, name: str) -> tuple[str, int]:
        if not self._dialect.can_delete_recordings:
            raise Refused("20404")
        if not self._company.recordings.delete(name.removesuffix(".json")):
            raise Refused("20404")
        return "", 204


def to_mp3(wav: bytes) -> bytes:
    """The same sound as an MP3. Refused 20404 where PyAV is not installed."""
    try:
        import av  # heavy, and needed by nobody who asks for a WAV
    except ImportError:
        raise Refused("20404") from None
    out = io.BytesIO()
    with av.open(io.BytesIO(wav), "r") as source, av.open(out, "w", format="mp3") as target:
        stream = target.add_stream("libmp3lame", rate=8000)
        for frame in source.decode(source.streams.audio[0]):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def _write(company: Company, recording: Recording) -> dict[str, Any]:
    account = company.exchange.account
    uri = f"/2010-04-01/Accounts/{account.sid}/Recordings/{recording.sid}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": write_date(recording.started),
        "date_updated": write_date(recording.started),
        "duration": str(recording.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": company.recordings.address(recording.sid),
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": "RecordVerb",
        "start_time": write_date(recording.started),
        "status": "completed",
        "subresource_uris": {},
        "uri": f"{uri}.json",
    }
