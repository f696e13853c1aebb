"""Every page of the desk, in the order of the menu. Each names what it needs beside its view."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from hotline.web.desk import (
    account,
    calling_back,
    case,
    case_work,
    closed_cases,
    open_cases,
    rota,
    sign_in,
    voice_message,
)
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page


def _nowhere(rest: str) -> ResponseReturnValue:
    abort(404)


_ANY = ("GET", *POST, "PUT", "PATCH", "DELETE")
PAGES = (
    *sign_in.PAGES,
    *open_cases.PAGES,
    *closed_cases.PAGES,
    *case.PAGES,
    *case_work.PAGES,
    *calling_back.PAGES,
    *voice_message.PAGES,
    *rota.PAGES,
    *account.PAGES,
    Page("/<path:rest>", "nowhere", _nowhere, ENTER, _ANY),
)
BY_ENDPOINT = {f"desk.{page.name}": page for page in PAGES}
