"""What happened to a case, line by line, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline import cases
from hotline.parts import Hotline
from hotline.storage.attempt import attempts_of
from hotline.storage.case import events_of
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import pages_of
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.words import in_words

_ALERTS = ("STAFF_URGENT", "STAFF_OVERDUE")
_SENTENCES = {
    "opened": _("The caller asked for help: %(what)s"),
    "asked_again": _("The caller asked again: %(what)s"),
    "raised": _("More urgent now: %(what)s"),
    "flagged": _("Marked: %(what)s"),
    "nobody_to_page": _("Nobody could be alerted"),
    "claimed": _("%(who)s took the case"),
    "handed_on": _("%(who)s could not take it"),
    "caller_wrote": _("The caller wrote"),
    "note": _("%(who)s noted"),
    "paged": _("%(who)s was alerted by text: %(what)s"),
    "attempt": _("%(who)s called back: %(what)s"),
    "closed": _("%(who)s closed the case: %(what)s"),
}
_GROUPS = {
    "opened": "reason",
    "asked_again": "reason",
    "raised": "priority",
    "flagged": "flag",
    "attempt": "attempt",
    "closed": "outcome",
}
_ON_ITS_WAY = _("on its way")
_PAGE_STATES = {
    "delivered": _("it arrived"),
    "sent": _("sent"),
    "failed": _("it did not arrive"),
    "undelivered": _("it did not arrive"),
    "cancelled": _("taken back"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is what a person wrote: shown as it is, never as markup."""

    at: datetime
    kind: str
    sentence: str
    words: str | None = None


def timeline_of(hotline: Hotline, tx: Transaction, case: Any, language: str) -> list[Line]:
    """In the order it happened. Events of calls and alerts are told with what became of them."""
    attempts = iter(attempts_of(tx, case.id))
    alerts = [page for page in pages_of(tx, case.id) if page.prompt in _ALERTS]
    read = cases.word_reader(hotline, tx, case.id)
    lines = []
    for event in events_of(tx, case.id):
        if event.what == "attempt":
            sealed, where = next(attempts).note_sealed, "attempt"
        else:
            sealed, where = event.text_sealed, "event"
        words = read(sealed, where) if sealed else None
        lines.append(Line(event.at, event.what, _sentence(event, alerts, language), words))
    return lines


def _sentence(event: Any, alerts: list[Any], language: str) -> str:
    """`alerts` loses the one that is told."""
    english = _SENTENCES.get(event.what)
    if english is None:
        return str(event.what).replace("_", " ")
    if event.what == "paged":
        what = translate(language, _became(event, alerts))
    else:
        what = in_words(language, _GROUPS.get(event.what, "reason"), event.code or "")
    return translate(language, english, who=event.staff_name or "", what=what)


def _became(event: Any, alerts: list[Any]) -> str:
    for place, alert in enumerate(alerts):
        if alert.staff_name == event.staff_name:
            return _PAGE_STATES.get(alerts.pop(place).state, _ON_ITS_WAY)
    return _ON_ITS_WAY
