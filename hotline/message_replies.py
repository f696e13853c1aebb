"""A reply to a text: one of the line's own answers, chosen by a person, once, within the hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline import callers, outbox
from hotline.callers_messages import (
    SeenTo,
    all_looked_at,
    cases_of,
    finish,
    is_with,
    note,
    taken_together,
)
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage.database import Transaction
from hotline.storage.incoming_text import get_text

REPLY_WITHIN = timedelta(hours=1)
"""After their text the phone is in their hand; later somebody else may be reading."""

REPLIES = ("rights", "job", "school", "tell", "thai", "return", "labour", "online", "menu")
"""Steps of the flow `texts` that say one harmless thing: no word but these is ever chosen."""


def why_no_reply(hotline: Hotline, tx: Transaction, message: Any) -> SeenTo | None:
    """What speaks against a reply; None: one of the prepared answers may be sent, once."""
    if message.text_id is None or message.caller_id is None:
        return SeenTo.NOT_SAFE
    if callers.get(tx, message.caller_id).stopped_at is not None or cases_of(tx, message):
        return SeenTo.NOT_SAFE
    late = hotline.now() - message.received_at > REPLY_WITHIN
    return SeenTo.TOO_LATE if late else None


def reply(hotline: Hotline, tx: Transaction, message: Any, member_id: int, answer: str) -> SeenTo:
    """One of the answers the line gives by itself, chosen by a person. It ends the message."""
    if answer not in REPLIES:
        raise ValueError(f"a reply is one of {', '.join(REPLIES)}")
    if not is_with(message, member_id, hotline.now()):
        return SeenTo.NOT_YOURS
    refused = why_no_reply(hotline, tx, message)
    if refused is not None:
        return refused
    if not all_looked_at(tx, taken_together(tx, message)):
        return SeenTo.NOT_HEARD  # before it is sent: afterwards nothing could be put aside
    caller = callers.get(tx, message.caller_id)
    put = outbox.put_reply(
        hotline,
        tx,
        caller,
        (Saying(f"SMS_{answer.upper()}"),),
        f"message:{message.id}:reply",
        language=caller.language or "km",
        script=caller.script,
        carrier=get_text(tx, message.text_id).carrier,
    )
    if not put:
        return SeenTo.TOO_LATE  # it was replied to before
    note(hotline, tx, member_id, "reply_to_message", message, answer)
    return finish(hotline, tx, message, member_id, "question_answered")
