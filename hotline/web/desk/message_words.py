"""Callers' messages in words: how they end, what stands in the way, what may be replied."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.callers_messages import SeenTo
from hotline.web.desk.languages import mark as _

ENDINGS = {
    "thank_you": _("They said thank you"),
    "question_answered": _("A question, answered"),
    "about_the_line": _("About the line itself"),
    "complaint": _("A complaint about the line"),
    "wrong_number": _("Wrong number"),
    "silent": _("Nothing to hear or to read"),
    "test": _("Somebody tried the line"),
    "prank": _("A joke"),
    "abusive": _("Insults"),
    "case": _("Went into a case"),
    "heard": _("Heard in its case"),
    "read": _("Read in its case"),
}
REPLIES = {
    "rights": _("The rights of children"),
    "job": _("Before taking a job"),
    "school": _("Staying in school"),
    "tell": _("Whom to tell"),
    "thai": _("Before going to Thailand"),
    "return": _("After coming back"),
    "labour": _("Work and age"),
    "online": _("Safe on the phone and online"),
    "menu": _("The list of all topics"),
}
WHY_NOT: Mapping[SeenTo, str] = {
    SeenTo.NOT_YOURS: _("Somebody else has this message by now, or has seen to it. Look again."),
    SeenTo.NOT_HEARD: _("Listen to the voice message first."),
    SeenTo.TOO_LATE: _("It is too late for a reply, or one was sent: somebody else may read it."),
    SeenTo.NOT_SAFE: _("No reply can be sent to this caller from here."),
}
