"""What staff read when something is not there, not theirs, or broken; and what to do then."""

from __future__ import annotations

import structlog
from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from hotline.parts import Hotline
from hotline.storage.database import DatabaseAway
from hotline.web.desk.form_token import is_of_ours
from hotline.web.desk.languages import FIRST
from hotline.web.desk.page import READS
from hotline.web.desk.typed_words import all_typed
from hotline.web.desk.visit import Visit

log = structlog.get_logger(__name__)
_KNOWN = (400, 401, 403, 404, 413, 429, 500, 503)


def add_error_pages(blueprint: Blueprint, hotline: Hotline) -> None:
    def page(status: int) -> ResponseReturnValue:
        if "visit" not in g:  # it broke before anybody was recognised
            g.visit = Visit(hotline, FIRST, None)
        known = status if status in _KNOWN else 400
        return render_template("error.html", status=known, words=_words_back(status)), status

    def refused(error: HTTPException) -> ResponseReturnValue:
        # A redirect is an HTTPException too, and has its answer already.
        if error.response is not None or error.code is None:
            return error.get_response()
        return page(error.code)

    def away(error: DatabaseAway) -> ResponseReturnValue:
        log.error("desk_without_database", reason=str(error))
        return page(503)

    blueprint.register_error_handler(HTTPException, refused)
    blueprint.register_error_handler(DatabaseAway, away)


def _words_back(status: int) -> str:
    """What somebody wrote into a form of ours, to be copied; what was too long is not read."""
    if request.method in READS or status == 413:
        return ""
    try:
        return all_typed() if is_of_ours() else ""
    except RequestEntityTooLarge:
        return ""  # refused for another reason before anybody read how long it is
