"""Serves the recorded prompts: every byte and header made ready at the start, in front of Flask.

The name of a take holds the hash of its content, so a carrier may keep it for good. Only takes the
library lists can be asked for: a look-up in a table, no path ever reaches the disk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from hotline.carriers.twiml import take_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask.blueprints import BlueprintSetupState

    from hotline.core.prompt import Sound
    from hotline.parts import Hotline

AUDIO = Path(__file__).resolve().parents[2] / "audio"
PREFIX = "/audio/"
_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")

Headers = list[tuple[str, str]]
Reply = tuple[str, Headers, bytes]


class SoundFaults(Exception):
    """Recordings that are listed and not there, or not what they were: all of them at once."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("audio:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Take:
    """One recording with the replies that never change."""

    etag: str
    kind: str
    body: bytes
    whole: Reply
    head: Reply
    unchanged: Reply


class Shelf:
    """Every take by its address; answers as WSGI."""

    def __init__(self, takes: Mapping[str, Take]) -> None:
        self._takes = takes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = self._reply(environ)
        start_response(status, headers)
        return (body,)

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return "405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")], b""
        take = self._takes.get(environ["PATH_INFO"])
        if take is None:
            return "404 Not Found", [("Content-Length", "0"), ("Cache-Control", "no-store")], b""
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and _names(known, take.etag):
            return take.unchanged
        asked = environ.get("HTTP_RANGE")
        if method == "HEAD":
            return take.head
        if asked is None or environ.get("HTTP_IF_RANGE", take.etag) != take.etag:
            return take.whole
        return _part(take, asked)


class SoundsFirst:
    """A WSGI layer: prompts are answered here, everything else goes on to the application."""

    def __init__(self, application: WSGIApplication, shelf: Shelf) -> None:
        self._application = application
        self._shelf = shelf

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(PREFIX):
            return self._shelf(environ, start_response)
        return self._application(environ, start_response)


def audio_blueprint(hotline: Hotline, folder: Path = AUDIO) -> Blueprint:
    """Registering it puts the prompts in front of the app. Raises SoundFaults."""
    shelf = shelf_from(hotline.library.prompts, folder)
    blueprint = Blueprint("audio", __name__)

    def put_in_front(state: BlueprintSetupState) -> None:
        app: Any = state.app  # a method may not be replaced, says mypy; Flask's manual says it may
        app.wsgi_app = SoundsFirst(app.wsgi_app, shelf)

    blueprint.record_once(put_in_front)
    return blueprint


def shelf_from(prompts: Mapping[str, Any], folder: Path) -> Shelf:
    """Read every take of every prompt from `folder` (audio/). Raises SoundFaults, listing all."""
    takes: dict[str, Take] = {}
    faults: list[str] = []
    for name, language, sound in _sounds(prompts):
        try:
            body = (folder / sound.file).read_bytes()
        except OSError as error:
            faults.append(f"{name} ({language}): {sound.file} cannot be read: {error.strerror}")
            continue
        if not hashlib.sha256(body).hexdigest().startswith(sound.hash):
            faults.append(f"{name} ({language}): {sound.file} is not the take listed; hash it anew")
            continue
        takes[take_path(language, name, sound.hash, sound.ext)] = _ready(body, sound)
    if faults:
        raise SoundFaults(faults)
    return Shelf(takes)


def _sounds(prompts: Mapping[str, Any]) -> Iterator[tuple[str, str, Sound]]:
    for name, prompt in prompts.items():
        for language, sound in prompt.sounds.items():
            yield name, language, sound


def _ready(body: bytes, sound: Sound) -> Take:
    etag = f'"{sound.hash}"'
    kind = _TYPES.get(sound.ext, "application/octet-stream")
    lasting: Headers = [("ETag", etag), ("Cache-Control", _FOR_GOOD)]
    full: Headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Accept-Ranges", "bytes"),
        # A page of our own on another port (the simulator's) may play it.
        ("Access-Control-Allow-Origin", "*"),
        *lasting,
    ]
    return Take(
        etag=etag,
        kind=kind,
        body=body,
        whole=("200 OK", full, body),
        head=("200 OK", full, b""),
        unchanged=("304 Not Modified", lasting, b""),
    )


def _names(known: str, etag: str) -> bool:
    return known == etag or known.strip() == "*" or etag in known


def _part(take: Take, asked: str) -> Reply:
    """One range of bytes (RFC 9110, 14.2); more than one, or nonsense: the whole take."""
    match = _RANGE.fullmatch(asked.strip())
    size = len(take.body)
    if match is None or match.groups() == ("", ""):
        return take.whole
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return take.whole
    else:
        start, end = max(size - int(last), 0), size - 1
    if start >= size or start > end:
        nothing = [("Content-Range", f"bytes */{size}"), ("Content-Length", "0")]
        return "416 Range Not Satisfiable", nothing, b""
    headers = [
        ("Content-Type", take.kind),
        ("Content-Length", str(end - start + 1)),
        ("Content-Range", f"bytes {start}-{end}/{size}"),
        ("Accept-Ranges", "bytes"),
        ("Access-Control-Allow-Origin", "*"),
        ("ETag", take.etag),
        ("Cache-Control", _FOR_GOOD),
    ]
    return "206 Partial Content", headers, take.body[start : end + 1]
