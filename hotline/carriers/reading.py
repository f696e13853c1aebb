"""Reads the webhooks of the Twilio dialect, as Twilio and Somleng each speak it.

Somleng leaves fields out where Twilio sends them empty, gives a recording no id of its own, and its
ids are UUIDs; so ids are opaque, and every field but the ids and numbers may be missing.
"""

from __future__ import annotations

import re

from hotline.carriers.protocol import BrokenWebhook, Fields
from hotline.carriers.refusals import code_text
from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent
from hotline.core.phone_number import is_withheld
from hotline.core.turn import Dialled, Digits, HungUp, Silence, Turn, Voice

LONGEST_ID = 64
HIGHEST_NUMBER = 9_999
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_COUNT = re.compile(r"[0-9]{1,4}")
_TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_STATE = re.compile(r"[a-z][a-z_-]{0,31}")
_NOT_A_KEY = re.compile(r"[^0-9*#]")

_TEXT_RANKS = {
    "accepted": 1, "scheduled": 1, "queued": 2, "sending": 3, "sent": 4,
    "failed": 5, "undelivered": 5, "canceled": 5, "delivered": 6, "read": 7,
}  # fmt: skip


def caller_number(told: str) -> str | None:
    """The calling number in E.164, or None if it is withheld or could not be rung back."""
    number = "+" + told.strip().lstrip("+")
    return number if _NUMBER.fullmatch(number) and not is_withheld(number) else None


def read_call(carrier: str, fields: Fields, query: Fields) -> CallEvent:
    """One request for the next words of a call; `query` is ours, from the address we gave."""
    number = _turn_number(query)
    outbound = _is_outbound(fields)
    person, line = ("To", "From") if outbound else ("From", "To")
    turn, afterwards = (None, None) if number == 0 else _read_turn(fields, query)
    return CallEvent(
        carrier=carrier,
        call_sid=read_id(fields, "CallSid"),
        number=number,
        from_number=caller_number(fields.get(person, "")),
        to_number=fields.get(line, ""),
        turn=turn,
        outbound=outbound,
        recording_url=fields.get("RecordingUrl") or None if isinstance(turn, Voice) else None,
        afterwards=afterwards,
        language=_matching(_LANGUAGE, query.get("l")),
        ticket=_matching(_TICKET, query.get("t")),
    )


def read_call_status(carrier: str, fields: Fields, query: Fields) -> CallStatus:
    """A call status callback, or a call as the carrier's API shows it."""
    outbound = _is_outbound(fields)
    return CallStatus(
        carrier=carrier,
        call_sid=read_id(fields, "CallSid"),
        state=_read_state(fields, "CallStatus"),
        seconds=_seconds(fields.get("CallDuration")),
        from_number=caller_number(fields.get("To" if outbound else "From", "")),
        outbound=outbound,
        ticket=_matching(_TICKET, query.get("t")),
    )


def read_recording(carrier: str, fields: Fields) -> RecordingEvent | None:
    """A finished voice message; None when the carrier says it has none."""
    if fields.get("RecordingStatus", "completed") != "completed":
        return None
    url = fields.get("RecordingUrl", "").strip()
    if not url:
        raise BrokenWebhook("RecordingUrl is missing")
    return RecordingEvent(
        carrier=carrier,
        call_sid=read_id(fields, "CallSid"),
        recording_sid=_recording_id(fields),
        url=url,
        seconds=_seconds(fields.get("RecordingDuration")) or 0,
    )


def read_text(carrier: str, fields: Fields) -> TextEvent:
    """A text that came in. Somleng leaves an empty Body out altogether."""
    sender = fields.get("From", "").strip()
    if not sender or len(sender) > LONGEST_ID:
        raise BrokenWebhook(f"From is missing or longer than {LONGEST_ID} characters")
    opt_out = fields.get("OptOutType", "").upper()
    return TextEvent(
        carrier=carrier,
        message_sid=read_id(fields, "MessageSid"),
        from_number=caller_number(sender) or sender,
        to_number=fields.get("To", ""),
        body=fields.get("Body", ""),
        opt_out=opt_out if opt_out in {"STOP", "START", "HELP"} else None,
        media=_seconds(fields.get("NumMedia")) or 0,
    )


def read_receipt(carrier: str, fields: Fields, query: Fields) -> Receipt:
    """A message status callback. Somleng's have no ErrorCode: ask `text_state` for it."""
    state = _read_state(fields, "MessageStatus")
    return Receipt(
        carrier=carrier,
        sid=read_id(fields, "MessageSid"),
        kind="text",
        state=state,
        error=code_text(fields.get("ErrorCode")),
        rank=_TEXT_RANKS.get(state, 0),
        ticket=_matching(_TICKET, query.get("t")),
    )


def read_id(fields: Fields, name: str) -> str:
    """An id the carrier made up: opaque, 1 to 64 printable ASCII characters."""
    value = fields.get(name, "")
    if not 0 < len(value) <= LONGEST_ID or not (value.isascii() and value.isprintable()):
        raise BrokenWebhook(f"{name} must be 1 to {LONGEST_ID} printable characters")
    return value


def _turn_number(query: Fields) -> int:
    told = query.get("n", "0")
    if not _COUNT.fullmatch(told):
        raise BrokenWebhook(f"n must be a whole number from 0 to {HIGHEST_NUMBER}")
    return int(told)


def _read_turn(fields: Fields, query: Fields) -> tuple[Turn, Turn | None]:
    """What the caller did, and what they did right after it in the same request."""
    if "empty" in query:
        return Silence(), None
    if "DialCallStatus" in fields:
        talked = _seconds(fields.get("DialCallDuration")) or 0
        return Dialled(_read_state(fields, "DialCallStatus"), talked), None
    told = fields.get("Digits", "")
    if "RecordingUrl" in fields:
        return _read_voice(fields, told)
    if told == "hangup":
        return HungUp(), None
    keys = _NOT_A_KEY.sub("", told)[:LONGEST_ID]
    return (Digits(keys) if keys else Silence()), None


def _read_voice(fields: Fields, told: str) -> tuple[Turn, Turn | None]:
    """A voice message. `Digits` is how it ended: a hang-up, or the key that stopped it.

    Only `*` counts as a key of its own (the quick exit works everywhere); any other just means
    "finished". A message of no length is silence.
    """
    ending: Turn | None = None
    if told == "hangup":
        ending = HungUp()
    elif told == "*":
        ending = Digits("*")
    seconds = _seconds(fields.get("RecordingDuration"))
    if not fields["RecordingUrl"] or seconds == 0:
        return ending or Silence(), None
    return Voice(_recording_id(fields), seconds or 0), ending


def _recording_id(fields: Fields) -> str:
    """Twilio names the recording; Somleng's is the last part of its URL, less any suffix."""
    if fields.get("RecordingSid"):
        return read_id(fields, "RecordingSid")
    tail = fields["RecordingUrl"].split("?")[0].rstrip("/").rpartition("/")[2]
    return read_id({"RecordingUrl": tail.partition(".")[0]}, "RecordingUrl")


def _read_state(fields: Fields, name: str) -> str:
    state = fields.get(name, "").lower()
    if not _STATE.fullmatch(state):
        raise BrokenWebhook(f"{name} is missing or not a word")
    return state


def _is_outbound(fields: Fields) -> bool:
    return fields.get("Direction", "inbound").startswith("outbound")


def _seconds(told: str | None) -> int | None:
    digits = (told or "").partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None


def _matching(pattern: re.Pattern[str], told: str | None) -> str | None:
    return told if told is not None and pattern.fullmatch(told) else None
