"""What happened to a case, line by line, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotline.storage.attempt import attempts_of
from hotline.storage.case import events_of
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import PAGES, pages_of
from hotline.told import Told
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.words import in_words

_SAME_MOMENT = timedelta(seconds=2)
_SENTENCES = {
    "opened": _("The caller asked for help: %(what)s"),
    "asked_again": _("The caller asked again: %(what)s"),
    "raised": _("More urgent now: %(what)s"),
    "lowered": _("%(who)s made it less urgent: %(what)s"),
    "flagged": _("Marked: %(what)s"),
    "nobody_to_page": _("Nobody could be alerted"),
    "no_next_step": _("It had been forgotten; the alerts were started again"),
    "claimed": _("%(who)s took the case"),
    "handed_on": _("%(who)s could not take it"),
    "caller_wrote": _("The caller wrote"),
    "note": _("%(who)s noted"),
    "paged": _("%(who)s was alerted: %(what)s"),
    "attempt_overdue": _("Nobody had called in time: %(who)s was reminded"),
    "claim_lapsed": _("%(who)s did not call in time: the next person was asked"),
    "given_back": _("%(who)s gave the case back"),
    "supervisor_asked": _("The supervisors were asked to decide"),
    "held_back": _("%(who)s is alerted later, with others or after quiet hours"),
    "digested": _("%(who)s was alerted by text, with other cases"),
    "attempt": _("%(who)s called back: %(what)s"),
    "calling": _("%(who)s rang the caller through the line"),
    "connected": _("%(who)s and the caller were connected"),
    "overridden": _("%(who)s rang in spite of the plan: %(what)s"),
    "bridge_ended": _("The call through the line came to nothing: %(what)s"),
    "closed": _("%(who)s closed the case: %(what)s"),
}
_GROUPS = {
    "opened": "reason",
    "asked_again": "reason",
    "raised": "raised",
    "lowered": "priority",
    "flagged": "flag",
    "attempt": "attempt",
    "overridden": "gate",
    "bridge_ended": "bridge",
    "closed": "outcome",
}
_ON_ITS_WAY = _("on its way")
_PAGE_STATES = {
    "sms": {
        "delivered": _("text arrived"),
        "sent": _("text sent"),
        "failed": _("text did not arrive"),
        "undelivered": _("text did not arrive"),
        "cancelled": _("text not needed any more"),
    },
    "voice": {
        "delivered": _("picked up the phone"),
        "sent": _("the phone rang"),
        "failed": _("could not be rung"),
        "undelivered": _("did not pick up the phone"),
        "cancelled": _("call not needed any more"),
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is what a person wrote: shown as it is, never as markup."""

    at: datetime
    kind: str
    sentence: str
    words: str | None = None


def timeline_of(tx: Transaction, case: Any, told: Told, language: str) -> list[Line]:
    """In the order it happened. Events of calls and alerts are told with what became of them."""
    attempts = iter(attempts_of(tx, case.id))
    alerts = [page for page in pages_of(tx, case.id) if page.prompt in PAGES]
    lines = []
    for event in events_of(tx, case.id):
        if event.what == "attempt":
            sealed, where = next(attempts).note_sealed, "attempt"
        else:
            sealed, where = event.text_sealed, "event"
        words = told.words(sealed, where) if sealed else None
        lines.append(Line(event.at, event.what, _sentence(event, alerts, language), words))
    return lines


def _sentence(event: Any, alerts: list[Any], language: str) -> str:
    """`alerts` loses those that are told."""
    english = _SENTENCES.get(event.what)
    if english is None:
        return str(event.what).replace("_", " ")
    if event.what == "paged":
        what = _became(event, alerts, language)
    else:
        what = in_words(language, _GROUPS.get(event.what, "reason"), event.code or "")
    return translate(language, english, who=event.staff_name or "", what=what)


def _became(event: Any, alerts: list[Any], language: str) -> str:
    """What became of the text and of the call that made up one alert."""
    of_it = [
        alert
        for alert in alerts
        if alert.staff_name == event.staff_name and abs(alert.created_at - event.at) < _SAME_MOMENT
    ]
    for alert in of_it:
        alerts.remove(alert)
    states = (_PAGE_STATES[alert.channel].get(alert.state, _ON_ITS_WAY) for alert in of_it)
    words = dict.fromkeys(translate(language, state) for state in states)
    return ", ".join(words) or translate(language, _ON_ITS_WAY)
