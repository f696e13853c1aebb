"""What a carrier tells us, in one form for every carrier. Plain values; nothing here is logged."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.core.turn import Turn

CALL_ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""Call states after which nothing more comes from a call (both carriers use these five words)."""


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One request for the next words of a call.

    `number` is our own count of the call's turns: 0 when the call begins, else what we put into the
    last answer's address. `turn` is None when the call begins. `from_number` is None when the
    caller's number is withheld or impossible. For a call we placed, `outbound` is true and the two
    numbers keep their meaning: `from_number` is the person, `to_number` the line. `afterwards` is a
    second turn told in the same request (a voice message, then the hang-up or the key that ended
    it). `language` is the one we last answered in. `ticket` is our own word from the address of a
    call we placed.
    """

    carrier: str
    call_sid: str
    number: int
    from_number: str | None
    to_number: str
    turn: Turn | None
    outbound: bool = False
    recording_url: str | None = None  # with a Voice turn: where the carrier keeps the sound
    afterwards: Turn | None = None
    language: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class TextEvent:
    """One text that came in; `opt_out` is STOP, START or HELP if the carrier acted on it."""

    carrier: str
    message_sid: str
    from_number: str
    to_number: str
    body: str
    opt_out: str | None = None
    media: int = 0  # pictures and other attachments, which we do not fetch


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far a text or a call of ours has come. A higher `rank` never gives way to a lower one."""

    carrier: str
    sid: str
    kind: str  # "text" or "call"
    state: str
    error: str | None
    rank: int
    ticket: str | None = None  # our own word, given when the text was sent


@dataclass(frozen=True, slots=True)
class CallStatus:
    """The state of a call, as its status callback tells it; `seconds` only once it is over."""

    carrier: str
    call_sid: str
    state: str
    seconds: int | None
    from_number: str | None
    outbound: bool = False
    ticket: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state in CALL_ENDS


@dataclass(frozen=True, slots=True)
class RecordingEvent:
    """A voice message is ready at the carrier. Its `url` is a secret: never logged."""

    carrier: str
    call_sid: str
    recording_sid: str
    url: str
    seconds: int
