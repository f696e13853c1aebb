"""Where somebody was going when the desk asked for something first. Only our own pages are kept."""

from __future__ import annotations

from flask import Response, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from hotline.web.desk.page import READS

PLACE = "place"
PRESS_AGAIN = "press_again"
_DESK = "/desk/"


def keep_place() -> None:
    """This page, or for a button the page it stands on: then it has to be pressed again.

    What stands behind a "?" is dropped: it may be a number that was searched for.
    """
    session[PLACE] = _page_of(request.path)
    if request.method not in READS:
        session[PRESS_AGAIN] = True


def take_place() -> str:
    """The address that was kept, once; the first page where there is none."""
    kept = session.pop(PLACE, "")
    return kept if isinstance(kept, str) and _is_ours(kept) else url_for("desk.open_cases")


def was_pressed() -> bool:
    """Whether a button was pressed in vain and should be pressed again; says so once, there."""
    if PLACE in session:  # not back yet
        return False
    return bool(session.pop(PRESS_AGAIN, False))


def send(endpoint: str) -> ResponseReturnValue:
    """Go there: also where a script of ours asked, which shows only a part of a page."""
    address = url_for(endpoint)
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return redirect(address, 303)


def is_part_of_a_page() -> bool:
    """Asked for by a page for its sound or picture, not by somebody who goes there."""
    kind = request.headers.get("Sec-Fetch-Dest")
    if kind:
        return kind in ("audio", "video", "image", "track")
    return request.headers.get("Accept", "").startswith(("audio/", "video/", "image/"))


def _page_of(path: str) -> str:
    """The nearest page above that can be opened."""
    while path.startswith(_DESK) and not _is_ours(path):
        path = path.rstrip("/").rpartition("/")[0]
    return path


def _is_ours(path: str) -> bool:
    if not path.startswith(_DESK):
        return False
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return str(endpoint).startswith("desk.") and endpoint not in ("desk.nowhere", "desk.static")
