"""Callers' messages in words: how they end, what stands in the way, what may be replied."""

from __future__ import annotations

from collections.abc import Mapping

from hotline import message_replies
from hotline.callers_messages import SeenTo
from hotline.web.desk.languages import mark as _
from hotline.web.desk.topic_words import TOPICS

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
REPLIES = {code: TOPICS[code.upper()] for code in message_replies.REPLIES}
WHY_NOT: Mapping[SeenTo, str] = {
    SeenTo.NOT_YOURS: _("Somebody else has this message by now, or has seen to it. Look again."),
    SeenTo.NOT_HEARD: _("Listen to the voice message first."),
    SeenTo.TOO_LATE: _("It is too late for a reply, or one was sent: somebody else may read it."),
    SeenTo.NOT_SAFE: _("No reply can be sent to this caller from here."),
}
