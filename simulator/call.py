"""One call: what the company knows of it, and what a webhook about it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from simulator.dialect import Account
from simulator.line import Line

FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(slots=True)
class Call:
    """`direction`: inbound, outbound-api, outbound-dial. Numbers as the webhooks name them."""

    sid: str
    direction: str
    from_number: str
    to_number: str
    created: datetime
    line: Line
    status: str = "queued"
    answered: datetime | None = None
    ended: datetime | None = None
    url: str = ""
    method: str = "POST"
    twiml: str | None = None
    status_callback: str = ""
    status_method: str = "POST"
    events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))
    timeout: float = 60.0
    parent_sid: str | None = None
    sip: int = 200
    sequence: int = 0
    requests: int = 0
    redirects: int = 0

    def is_over(self) -> bool:
        """Its status will not change any more."""
        return self.status in FINAL

    def seconds(self) -> int:
        """Length of the conversation."""
        if self.answered is None or self.ended is None:
            return 0
        real = (self.ended - self.answered).total_seconds()
        return round(max(real, self.line.nominal))


def webhook_fields(call: Call, account: Account) -> dict[str, str]:
    """The form fields that every request about a call carries."""
    dialect = account.dialect
    status = call.status
    if dialect.first_request_always_ringing and not call.is_over():
        status = "ringing" if call.requests == 0 else "in-progress"
    fields = {
        "CallSid": call.sid,
        "AccountSid": account.sid,
        "From": call.from_number,
        "To": call.to_number,
        "Caller": call.from_number,
        "Called": call.to_number,
        "CallStatus": status,
        "ApiVersion": "2010-04-01",
        "Direction": call.direction,
    }
    if dialect.name == "twilio":
        fields |= _places(call)
    if call.parent_sid:
        fields["ParentCallSid"] = call.parent_sid
    return fields


def status_fields(call: Call, account: Account, event: str, now: datetime) -> dict[str, str]:
    """The fields of a status callback for one event."""
    dialect = account.dialect
    fields = webhook_fields(call, account)
    fields["CallStatus"] = "in-progress" if event == "answered" else event
    if event == "completed":
        fields["CallStatus"] = call.status
    fields |= {
        "CallbackSource": "call-progress-events",
        "Timestamp": format_datetime(now, usegmt=False),
        "SequenceNumber": str(call.sequence if dialect.sends_call_events else 0),
    }
    if not dialect.sends_call_events:
        for name in ("Caller", "Called"):
            fields.pop(name, None)
    if event == "completed":
        fields["CallDuration"] = str(call.seconds())
        fields["SipResponseCode"] = str(call.sip)
        if dialect.name == "twilio":
            fields["Duration"] = str(-(-call.seconds() // 60))
    call.sequence += 1
    return fields


def _places(call: Call) -> dict[str, str]:
    fields = {}
    for side, number in (("From", call.from_number), ("To", call.to_number)):
        for place in ("City", "State", "Zip"):
            fields[f"{side}{place}"] = ""
        fields[f"{side}Country"] = "KH" if number.startswith("+855") else ""
    return fields
