"""Style, script and font of the desk, at addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, request, url_for

FOLDER = Path(__file__).parent / "static"
_A_YEAR = 31_536_000
_FONT = ".woff2"


@cache
def mark_of(name: str) -> str:
    """The first signs of the file's hash."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    if name.endswith(_FONT):  # its name carries its version, and the style sheet names it too
        return url_for("desk.static", filename=name)
    return url_for("desk.static", filename=name, v=mark_of(name))


def keep_for_long(response: Response) -> Response:
    """A year for an address with the right mark; without one the browser asks every time."""
    name = (request.view_args or {}).get("filename", "")
    response.headers.pop("Content-Disposition", None)
    is_there = response.status_code in (200, 206, 304)
    if is_there and (name.endswith(_FONT) or request.args.get("v") == mark_of(name)):
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response
