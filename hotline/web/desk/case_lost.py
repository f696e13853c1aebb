"""Who may not change a case any more gets back what they wrote: nothing is lost, and they hear."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

from hotline.storage.case_view import around_case
from hotline.storage.database import Transaction
from hotline.web.desk.typed_words import typed
from hotline.web.desk.visit import Visit

_WORDS = ("note", "reason", "words")
"""The fields of words in the forms of a case."""


def words_back(tx: Transaction, here: Visit, case: Any, *, may_add: bool) -> Response:
    """Nothing of the form was done. `may_add`: the words can still be kept, as a note."""
    page = render_template(
        "case_lost.html",
        case=case,
        around=around_case(tx, case.id),
        words="\n".join(filter(None, map(typed, _WORDS))),
        may_add=may_add,
        now=here.hotline.now(),
    )
    return make_response(page, 409)
