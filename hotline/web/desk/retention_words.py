"""What is kept how long, why a report waits, what went wrong: in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from hotline.core import retention as rules
from hotline.retention_holds import Said
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate

RULES: Mapping[str, str] = {
    rules.CARRIER_COPIES: _("Copies of texts and voice messages at the carrier"),
    "empty_calls": _("Calls of a hidden number that left nothing"),
    "call_times": _("Times of silent and missed calls"),
    "pauses": _("Pauses of a number that called too often"),
    rules.VOICE: _("Voice messages, after the case was closed"),
    rules.VOICE_AT_MOST: _("Voice messages of closed cases or of none, at most"),
    "texts": _("Words and numbers of texts"),
    "unread": _("Texts that nobody has read"),
    "conversations": _("What was keyed in calls and texts"),
    rules.SET_ASIDE: _("Messages that could not be read by the system"),
    rules.NO_CASE: _("Closed cases that were none"),
    rules.ADVICE: _("Closed cases in which no more help was wanted"),
    rules.OTHER: _("All other closed cases"),
    rules.AUTHORITY: _("Closed cases that an authority knows of"),
    "callers": _("Numbers of which nothing else is kept"),
    "wishes": _("Numbers that refused texts, or agreed to them"),
    "alerts": _("Reply codes of alerts to staff"),
    "sign_ins": _("Attempts to sign in"),
    "sessions": _("Where staff were signed in"),
    "audit": _("The audit record"),
    "backups": _("Backups"),
}
THEN: Mapping[str, str] = {
    rules.DELETE_THERE: _("deleted there, and looked after"),
    rules.DELETE: _("deleted"),
    rules.STRIP: _("only times remain"),
    rules.ANONYMISE: _("only counts remain"),
    rules.BY_HAND: _("by the person who keeps the server"),
}
REASONS: Mapping[str, str] = {
    rules.MANY: _("It would take many cases at once."),
    rules.CLOCK: _("The clock of the server has jumped, or it stood still for days."),
    rules.STOPPED: _("Somebody stopped the report before this one."),
}
STATES: Mapping[str, str] = {
    "proposed": _("Not begun yet"),
    "running": _("Under way"),
    "done": _("Carried out"),
    "stopped": _("Stopped"),
}
PROBLEMS: Mapping[Said, str] = {
    Said.NO_CASE: _("There is no case with this reference."),
    Said.FORGOTTEN: _("Nothing of this case is left that could be kept."),
    Said.HELD: _("This case is held already."),
    Said.SAME_PERSON: _("Somebody else must do this: it takes two people."),
    Said.NOT_DUE: _("This case is not due to be deleted, or not any more."),
    Said.TOO_LATE: _("Somebody was quicker. Look at the page again."),
}


def span(keep: timedelta, language: str) -> str:
    """How long something is kept."""
    if keep < timedelta(days=2):
        return translate(language, "%(n)s h", n=round(keep.total_seconds() / 3600))
    if keep.days >= 365 and keep.days % 365 == 0:
        return translate(language, "%(n)s months", n=keep.days // 365 * 12)
    return translate(language, "%(n)s days", n=keep.days)
