"""What Twilio and Somleng do differently, one field for each difference a hotline can notice.

Source: the carriers' documentation and the public source of Somleng; see docs/simulator.md.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The manners of one carrier. Times in seconds."""

    name: str
    uuid_sids: bool  # a row id instead of CA…, SM…, RE…
    string_codes: bool  # error codes are JSON strings
    fault_status: int  # HTTP status of a refused request
    key_gap: float | None  # between two keys; None: the timeout of the Gather
    redirect_pause: float
    skips_unknown_verbs: bool  # with a warning; else the call ends
    speaks_errors: bool  # an English sentence before it hangs up on our error; else silence
    sends_empty_digits: bool
    early_finish_key_ends: bool  # finishOnKey as the first key ends the Gather
    resolves_play: bool  # a relative Play is resolved; else an error
    always_asks_record_action: bool  # also for an empty recording
    record_action_has_sid: bool
    loses_voice_on_hang_up: bool
    screens_dials: bool  # plays the url of a Number to whoever picks up; else it is ignored
    can_delete_recordings: bool
    can_delete_texts: bool
    recordings_need_password: bool
    sends_call_events: bool  # initiated, ringing, answered; else one final callback
    first_request_always_ringing: bool
    receipts_have_error: bool
    receipts_repeat_body: bool
    has_undelivered: bool
    idempotency_header: bool
    connect_timeout: float | None
    read_timeout: float | None
    call_tries: int  # on a connection failure
    text_tries: int
    declined_status: str

    def new_sid(self, prefix: str) -> str:
        """A fresh id: 34 characters with a prefix, or a UUID of 36."""
        return str(uuid.uuid4()) if self.uuid_sids else prefix + secrets.token_hex(16)


TWILIO = Dialect(
    name="twilio",
    uuid_sids=False,
    string_codes=False,
    fault_status=400,
    key_gap=None,
    redirect_pause=0.0,
    skips_unknown_verbs=True,
    speaks_errors=True,
    sends_empty_digits=True,
    early_finish_key_ends=True,
    resolves_play=True,
    always_asks_record_action=False,
    record_action_has_sid=True,
    loses_voice_on_hang_up=False,
    screens_dials=True,
    can_delete_recordings=True,
    can_delete_texts=True,
    recordings_need_password=True,
    sends_call_events=True,
    first_request_always_ringing=False,
    receipts_have_error=True,
    receipts_repeat_body=False,
    has_undelivered=True,
    idempotency_header=True,
    connect_timeout=5.0,
    read_timeout=15.0,
    call_tries=2,
    text_tries=2,
    declined_status="busy",
)

SOMLENG = Dialect(
    name="somleng",
    uuid_sids=True,
    string_codes=True,
    fault_status=422,
    key_gap=2.0,
    redirect_pause=1.0,
    skips_unknown_verbs=False,
    speaks_errors=False,
    sends_empty_digits=False,
    early_finish_key_ends=False,
    resolves_play=False,
    always_asks_record_action=True,
    record_action_has_sid=False,
    loses_voice_on_hang_up=True,
    screens_dials=False,
    can_delete_recordings=False,
    can_delete_texts=False,
    recordings_need_password=False,
    sends_call_events=False,
    first_request_always_ringing=True,
    receipts_have_error=False,
    receipts_repeat_body=True,
    has_undelivered=False,
    idempotency_header=False,
    connect_timeout=None,
    read_timeout=None,
    call_tries=1,
    text_tries=15,
    declined_status="no-answer",
)

DIALECTS = {each.name: each for each in (TWILIO, SOMLENG)}


@dataclass(slots=True)
class Account:
    """One customer of the phone company: its password, its number, where its webhooks go."""

    sid: str
    token: str
    line: str  # the number callers dial
    webhooks: str  # base address of the hotline, no slash at the end
    carrier_path: str  # the <carrier> in /calls/<carrier>/incoming
    dialect: Dialect
    intercepts_stop: str = "off"  # "off", "basic", "advanced" (adds OptOutType)
    gateway_offline: bool = False
    more_lines: tuple[str, ...] = ()  # further numbers of the customer that can be dialled

    def is_ours(self, number: str) -> bool:
        """Whether this is one of the customer's numbers."""
        return number.lstrip("+") in {own.lstrip("+") for own in (self.line, *self.more_lines)}

    def hook(self, kind: str, event: str) -> str:
        """Address of one webhook: kind "calls" or "texts", event "incoming" or "status"."""
        return f"{self.webhooks}/{kind}/{self.carrier_path}/{event}"
