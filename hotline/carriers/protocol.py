"""What every carrier can do for us, and the four ways in which it can let us down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent

Fields = Mapping[str, str]
"""The fields of a webhook or of our own query string; the first value of a repeated key."""

Pairs = list[tuple[str, str]]
"""The fields as they came, repeated keys and all: what a signature is computed over."""


class BrokenWebhook(ValueError):
    """A signed request we cannot understand: the message names the field, never its value."""


class CarrierRefused(Exception):
    """The carrier took the request and said no, for good.

    `scope` says whose fault it is: "number" (this phone can never get it), "config" (our account or
    settings: nothing will go out until an admin acts) or "filtered" (this wording).
    """

    permanent = True

    def __init__(self, code: str, scope: str) -> None:
        super().__init__(f"refused, code {code} ({scope})")
        self.code = code
        self.scope = scope


class CarrierUnavailable(Exception):
    """Nothing has been sent: the carrier could not be reached or was too busy. Try again later."""

    def __init__(self, code: str) -> None:
        super().__init__(f"unavailable, {code}")
        self.code = code


class CarrierUnknown(Exception):
    """The request went out and no answer came back: it may or may not have been carried out."""

    def __init__(self, code: str) -> None:
        super().__init__(f"fate unknown, {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What differs between carriers in ways that the rest of the house must know."""

    two_way_texts: bool
    sends_all_receipts: bool  # False: poll `text_state`, a missing receipt means nothing
    intercepts_stop: bool  # the carrier itself acts on STOP, START and HELP, in English
    can_delete_recordings: bool
    screens: bool  # somebody rung by a Connect can be asked first; False: ring them by a call apart
    sends_texts: bool = True  # False: this account has calls only
    can_delete_texts: bool = False  # its copies of texts, in both directions


class Carrier(Protocol):
    """A phone company. What reads raises BrokenWebhook, what sends the three Carrier errors."""

    @property
    def name(self) -> str:
        """The word in our webhook addresses."""

    @property
    def line(self) -> str:
        """The number this carrier shows when we call or text: E.164 or a short code."""

    @property
    def capabilities(self) -> Capabilities:
        """What this carrier can and cannot do."""

    def is_genuine(self, target: str, pairs: Pairs, signature: str) -> bool:
        """Was this form signed by the carrier for `target` (raw path and query, as sent)?"""

    def is_genuine_json(self, target: str, body: bytes, signature: str) -> bool:
        """The same for a JSON body: the URL is signed and carries the hash of the body."""

    def read_call(self, fields: Fields, query: Fields) -> CallEvent:
        """What the caller did, for both the first and every later request of a call."""

    def read_call_status(self, fields: Fields, query: Fields) -> CallStatus:
        """How far a call has come."""

    def read_recording(self, fields: Fields) -> RecordingEvent | None:
        """A voice message that can be fetched, or None if there is none (absent, failed)."""

    def read_text(self, fields: Fields) -> TextEvent:
        """A text that came in."""

    def read_receipt(self, fields: Fields, query: Fields) -> Receipt:
        """How far a text of ours has come."""

    def send_text(self, to: str, body: str, ticket: str | None = None) -> str:
        """Send one text to an E.164 number; returns the carrier's id.

        `ticket` is our own opaque word, at most 64 of `[A-Za-z0-9_-]`; it comes back in every
        receipt, so that a text whose id we never learned (CarrierUnknown) can still be found.
        """

    def place_call(self, to: str, path: str, ticket: str | None = None) -> str:
        """Ring an E.164 number and ask `path` what to say once it answers; returns the id."""

    def text_state(self, sid: str) -> Receipt | None:
        """Ask how far a text has come; None if the carrier does not know it."""

    def call_state(self, sid: str) -> CallStatus | None:
        """Ask how far a call has come; None if the carrier does not know it."""

    def fetch_recording(self, url: str) -> bytes:
        """The sound of a voice message, from the carrier's own host only, at most 8 MiB."""

    def delete_recording(self, sid: str) -> bool:
        """Delete a voice message at the carrier. False: this carrier cannot, ask its operator."""

    def has_recording(self, sid: str) -> bool:
        """Whether the carrier still has this voice message."""

    def delete_text(self, sid: str) -> bool:
        """Delete a text at the carrier, in either direction. False: this carrier cannot."""

    def has_text(self, sid: str) -> bool:
        """Whether the carrier still has this text."""
