"""Who may not change a case any more gets back what they wrote: nothing is lost, and they hear."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

from hotline.storage.case_view import around_case
from hotline.storage.database import Transaction
from hotline.web.desk.typed_words import all_typed
from hotline.web.desk.visit import Visit


def words_back(tx: Transaction, here: Visit, case: Any, *, may_add: bool = True) -> Response:
    """Nothing of the form was done. `may_add`: the words can be kept as a note, if the case is."""
    around = around_case(tx, case.id)
    page = render_template(
        "case_lost.html",
        case=case,
        around=around,
        words=all_typed(),
        may_add=may_add and around.wrapped is not None,
        now=here.hotline.now(),
    )
    return make_response(page, 409)
