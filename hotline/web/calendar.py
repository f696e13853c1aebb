"""One's own shifts for a calendar program: the address is the key, and tells nothing of a case."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response

from hotline.calendar_addresses import calendar_at
from hotline.parts import Hotline

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_ENDING = ".ics"

log = structlog.get_logger(__name__)


def calendar_blueprint(hotline: Hotline) -> Blueprint:
    """`/calendar/<secret>.ics`."""
    blueprint = Blueprint("calendar", __name__)

    @blueprint.get("/calendar/<path:name>")
    def calendar(name: str) -> Response:
        try:
            found = _find(hotline, name)
        except Exception as error:  # Flask would write the address, which is the key, into the log
            log.error("calendar_failed", error=type(error).__name__)
            return _answer("Try again later.\n", 503)
        if found is None:
            return _answer("Nothing here.\n", 404)
        answer = _answer(found, 200, "text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = "inline; filename=on-call.ics"
        return answer

    return blueprint


def _find(hotline: Hotline, name: str) -> bytes | None:
    if not name.endswith(_ENDING):
        return None
    with hotline.reading() as tx:
        return calendar_at(hotline, tx, name.removesuffix(_ENDING))


def _answer(body: bytes | str, status: int, kind: str = "text/plain; charset=utf-8") -> Response:
    return Response(body, status, headers=_HEADERS, content_type=kind)
