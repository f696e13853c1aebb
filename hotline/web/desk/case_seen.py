"""What a reader had before them when they wrote: nothing is overwritten, and they hear of news.

Every form of a case carries two numbers: the `version` of the case (a lock for what replaces
something) and `seen`, the newest line of its timeline (for what is only added).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from hotline.storage.case_view import events_after, newest_event_id
from hotline.storage.database import Transaction
from hotline.web.desk.case_address import address_of
from hotline.web.desk.forms import DeskForm
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import Visit

_SINCE = "since"
LONGEST_REASON = 1000


class CaseForm(DeskForm):
    """A form about a case on a page of its own."""

    version = HiddenField()
    seen = HiddenField()
    news: Sequence[Any] | None = None
    """What others did meanwhile; None: the form was not refused for it."""

    def shows(self, tx: Transaction, case: Any) -> None:
        """From now on its reader knows the case as it is."""
        self.version.data = str(case.version)
        self.seen.data = str(newest_event_id(tx, case.id))


def version_seen() -> int:
    """The version the reader had before them; 0, which no case has, for nonsense."""
    return number_of(request.form.get("version"))


def line_seen() -> int | None:
    return number_of(request.form.get("seen"), 18) or None


def note_news(tx: Transaction, here: Visit, case: Any) -> None:
    """If others changed the case while this reader wrote, the next page says so, once."""
    seen = line_seen()
    if seen and events_after(tx, case.id, seen, here.member.id, 1):
        session[_SINCE] = [case.ref, seen]


def news_since(ref: str) -> int | None:
    """The line after which the page marks what is new; asked once, then forgotten."""
    kept = session.get(_SINCE)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != ref:
        return None
    session.pop(_SINCE)
    return int(kept[1])


def back_to(ref: str) -> ResponseReturnValue:
    return redirect(address_of(ref), 303)
