"""Twilio, and every carrier that speaks its dialect."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.carriers import reading
from hotline.carriers.protocol import (
    BrokenWebhook,
    Capabilities,
    CarrierRefused,
    CarrierUnknown,
    Fields,
    Pairs,
)
from hotline.carriers.rest import RestLine
from hotline.carriers.signature import Signature
from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent

_NOT_THERE = frozenset({"404", "20404"})
RING_SECONDS = 30  # shorter than most networks wait before a voicemail answers


class Twilio:
    """One account at Twilio. `base_url` is our public address, `line` the number we send from."""

    capabilities = Capabilities(
        two_way_texts=True,
        sends_all_receipts=True,
        intercepts_stop=True,
        can_delete_recordings=True,
        screens=True,
        can_delete_texts=True,
    )
    _call_options: Mapping[str, object] = {"timeout": RING_SECONDS}

    def __init__(
        self,
        name: str,
        token: str,
        rest: RestLine,
        *,
        base_url: str,
        line: str,
        capabilities: Capabilities | None = None,
    ) -> None:
        self.name = name
        self.capabilities = capabilities or self.capabilities
        self._rest = rest
        self._base_url = base_url.rstrip("/")
        self.line = line
        self._signature = Signature(token, base_url)

    def is_genuine(self, target: str, pairs: Pairs, signature: str) -> bool:
        return self._signature.fits(target, pairs, signature)

    def is_genuine_json(self, target: str, body: bytes, signature: str) -> bool:
        return self._signature.fits_json(target, body, signature)

    def read_call(self, fields: Fields, query: Fields) -> CallEvent:
        return reading.read_call(self.name, fields, query)

    def read_call_status(self, fields: Fields, query: Fields) -> CallStatus:
        return reading.read_call_status(self.name, fields, query)

    def read_recording(self, fields: Fields) -> RecordingEvent | None:
        return reading.read_recording(self.name, fields)

    def read_text(self, fields: Fields) -> TextEvent:
        return reading.read_text(self.name, fields)

    def read_receipt(self, fields: Fields, query: Fields) -> Receipt:
        return reading.read_receipt(self.name, fields, query)

    def send_text(self, to: str, body: str, ticket: str | None = None) -> str:
        # SmartEncoded off: it would swap signs so as to save a segment, and our texts are measured.
        with self._rest.sending():
            message = self._rest.client.messages.create(
                to=to,
                from_=self.line,
                body=body,
                smart_encoded=False,
                status_callback=self._address("texts", "status", ticket),
            )
            return _id_of(message.sid)

    def place_call(self, to: str, path: str, ticket: str | None = None) -> str:
        with self._rest.sending():
            call = self._rest.client.calls.create(
                to=to,
                from_=self.line,
                url=_with_ticket(self._base_url + path, ticket),
                method="POST",
                status_callback=self._address("calls", "status", ticket),
                status_callback_method="POST",
                **self._call_options,
            )
            return _id_of(call.sid)

    def text_state(self, sid: str) -> Receipt | None:
        names = {"MessageStatus": "status", "ErrorCode": "error_code"}
        shown = self._ask("messages", sid, names)
        if shown is None:
            return None
        with self._rest.asking():
            return reading.read_receipt(self.name, {"MessageSid": sid, **shown}, {})

    def call_state(self, sid: str) -> CallStatus | None:
        names = {
            "CallStatus": "status",
            "CallDuration": "duration",
            "Direction": "direction",
            "From": "_from",
            "To": "to",
        }
        shown = self._ask("calls", sid, names)
        if shown is None:
            return None
        with self._rest.asking():
            return reading.read_call_status(self.name, {"CallSid": sid, **shown}, {})

    def fetch_recording(self, url: str) -> bytes:
        has_suffix = url.rpartition("/")[2].endswith((".mp3", ".wav"))
        return self._rest.fetch(url if has_suffix else url + ".mp3")

    def delete_recording(self, sid: str) -> bool:
        return self.capabilities.can_delete_recordings and self._delete("recordings", sid)

    def has_recording(self, sid: str) -> bool:
        return self._ask("recordings", sid, {}) is not None

    def delete_text(self, sid: str) -> bool:
        return self.capabilities.can_delete_texts and self._delete("messages", sid)

    def has_text(self, sid: str) -> bool:
        return self._ask("messages", sid, {}) is not None

    def _delete(self, kind: str, sid: str) -> bool:
        try:
            with self._rest.asking():
                getattr(self._rest.client, kind)(sid).delete()
        except CarrierRefused as refusal:
            if refusal.code not in _NOT_THERE:  # already gone is what was wanted
                raise
        return True

    def _ask(self, kind: str, sid: str, names: Fields) -> Fields | None:
        """A message or call as the carrier shows it now, None if it knows none of this id.

        `names` gives, for each webhook field, the attribute of the API that says the same.
        """
        try:
            with self._rest.asking():
                found = getattr(self._rest.client, kind)(sid).fetch()
        except CarrierRefused as refusal:
            if refusal.code in _NOT_THERE:
                return None
            raise
        return {field: str(getattr(found, name, None) or "") for field, name in names.items()}

    def _address(self, kind: str, event: str, ticket: str | None) -> str:
        return _with_ticket(f"{self._base_url}/{kind}/{self.name}/{event}", ticket)


def _with_ticket(url: str, ticket: str | None) -> str:
    if ticket is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}t={ticket}"


def _id_of(sid: object) -> str:
    """A 2xx answer without a usable id: something was sent, but we cannot tell what."""
    try:
        return reading.read_id({"sid": sid if isinstance(sid, str) else ""}, "sid")
    except BrokenWebhook:
        raise CarrierUnknown("answer_unreadable") from None
