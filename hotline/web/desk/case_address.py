"""Where a case is at the desk. Only references stand in addresses, and only ours are gone to."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, url_for
from wtforms.validators import ValidationError

from hotline.core.case_reference import ALPHABET, LENGTH
from hotline.storage.case import find_case
from hotline.storage.database import Transaction
from hotline.web.desk.forms import say, tidied
from hotline.web.desk.languages import mark as _

_PAGES = {
    "account": "desk.account",
    "audit": "desk.audit",
    "cases": "desk.cases",
    "exports": "desk.exports",
    "retention": "desk.retention",
    "rota": "desk.rota",
    "settings": "desk.settings",
    "people": "desk.people",
    "phone": "desk.own_phone",
    "referrals": "desk.referrals",
    "messages": "desk.messages",
    "texts": "desk.texts",
}
_NO_REFERENCE = _("This is no reference. A reference has five letters and digits, like K7M4Q.")
_REFERENCE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def case_or_404(tx: Transaction, ref: str) -> Any:
    """The case with this reference; anything else is not found, without asking the database."""
    case = find_case(tx, ref) if _REFERENCE.fullmatch(ref) else None
    if case is None:
        abort(404)
    return case


def as_reference(typed: str | None) -> str:
    return tidied(typed).upper()


def is_a_reference(form: Any, field: Any) -> None:
    """For a field that may be empty, filtered by `as_reference`."""
    if field.data and not is_reference(field.data):
        raise ValidationError(say(_NO_REFERENCE))


def is_reference(typed: str) -> bool:
    return _REFERENCE.fullmatch(typed) is not None


def address_of(place: str) -> str:
    """A case by its reference, a page of _PAGES by its name, or else the open cases."""
    if _REFERENCE.fullmatch(place):
        return url_for("desk.case", ref=place)
    return url_for(_PAGES.get(place, "desk.open_cases"))
