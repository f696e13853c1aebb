"""Style, script and font of the desk, at addresses that change with their content.

Style and scripts go out compressed where the browser takes that. The pages themselves never do:
each carries the word of its forms beside what somebody may have brought about (as BREACH did), and
how much a page shrinks would tell of it.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from posixpath import normpath

from flask import Response, request, url_for

FOLDER = Path(__file__).parent / "static"
_A_YEAR = 31_536_000
_FONT = ".woff2"
_PACKED = (".css", ".js", ".svg", ".txt")


@cache
def mark_of(name: str) -> str:
    """The first signs of the file's hash."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


@cache
def _packed(name: str) -> bytes:
    """Once a process; without a time inside, so that every process sends the same."""
    return gzip.compress((FOLDER / name).read_bytes(), 9, mtime=0)


def static_url(name: str) -> str:
    if name.endswith(_FONT):  # its name carries its version, and the style sheet names it too
        return url_for("desk.static", filename=name)
    return url_for("desk.static", filename=name, v=mark_of(name))


def finish_static(response: Response) -> Response:
    """A year for an address with the right mark; without one the browser asks every time."""
    name = normpath((request.view_args or {}).get("filename", ""))  # as the file was looked for
    response.headers.pop("Content-Disposition", None)
    is_there = response.status_code in (200, 206, 304)
    if is_there and (name.endswith(_FONT) or request.args.get("v") == mark_of(name)):
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return _pack(response, name) if is_there and name.endswith(_PACKED) else response


def _pack(response: Response, name: str) -> Response:
    """The same file made small, which is another thing to a cache than the file as it is."""
    response.vary.add("Accept-Encoding")
    takes_gzip = request.accept_encodings.quality("gzip") > 0
    if not takes_gzip or response.status_code == 206 or "Range" in request.headers:
        return response
    response.close()  # the file as it is, which nobody will read
    response.direct_passthrough = False
    response.set_data(_packed(name))
    response.status_code = 200
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    response.set_etag(f"{mark_of(name)}-gzip")
    response.make_conditional(request)
    return response
