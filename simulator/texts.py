"""Texts: out through the company to a phone with receipts, in from a phone with a webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from simulator.dialect import Account
from simulator.exchange import Exchange
from simulator.handset import Handset, Text
from simulator.segments import count_segments

MOST_TEXTS = 5000
STOP_WORDS = frozenset(
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
)
START_WORDS = frozenset(["START", "YES", "UNSTOP"])
HELP_WORDS = frozenset(["HELP", "INFO"])
BOILERPLATE = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages "
    "from this number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})


@dataclass(slots=True)
class Message:
    """One SMS as the API names it; `direction`: inbound, outbound-api, outbound-reply."""

    sid: str
    direction: str
    from_number: str
    to_number: str
    body: str
    created: datetime
    segments: int
    status: str = "queued"
    error: str = ""
    callback: str = ""
    sent: datetime | None = None
    history: list[str] = field(default_factory=list)


class Texts:
    """All texts of the company."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[str, Message] = {}
        self.opted_out: set[str] = set()

    # ------------------------------------------------------------ out

    def send(self, to: str, from_number: str, body: str, callback: str = "") -> Message:
        """Accept a text of the API and deliver it in the background."""
        message = self._new("outbound-api", from_number, to, body)
        message.callback = callback
        message.status = "queued"
        self._exchange.errands.run(message.sid, lambda: self._deliver(message))
        return message

    def cancel(self, message: Message) -> bool:
        """False if it is too late."""
        with self._exchange.turnstile:
            if message.status not in ("queued", "scheduled", "accepted"):
                return False
            message.status = "canceled"
            return True

    def _deliver(self, message: Message) -> None:
        """queued -> sending -> sent -> delivered, or what a fault or the phone makes of it."""
        exchange = self._exchange
        exchange.sleep(0.3)
        if message.status == "canceled":
            return
        if exchange.account.gateway_offline:
            self._reach(message, "failed", "S1002" if self._is_somleng() else "30001")
            return
        message.status = "sending"
        fault = exchange.faults.take("receipt", "messages")
        phone = exchange.phones.get(message.to_number)
        exchange.sleep(0.3)
        self._reach(message, "sent")
        exchange.sleep(0.5)
        if fault is not None or not phone.is_on:
            code = (fault.code if fault else "") or "30003"
            has_undelivered = exchange.account.dialect.has_undelivered
            self._reach(message, "undelivered" if has_undelivered else "failed", code)
            return
        self._show(phone, message)
        if exchange.faults.take("no_receipt", "messages") is None:
            self._reach(message, "delivered")

    def _reach(self, message: Message, status: str, error: str = "") -> None:
        with self._exchange.turnstile:
            message.status, message.error = status, error
            message.history.append(status)
            if status == "sent":
                message.sent = self._exchange.clock.now()
            self._exchange.turnstile.notify_all()
        self._note(message)
        if message.callback and not self._exchange.closing:
            fields = _receipt_fields(message, self._exchange.account)
            self._exchange.webhooks.send("receipt", message.sid, message.callback, fields)

    def _show(self, phone: Handset, message: Message) -> None:
        at = self._exchange.clock.now().isoformat()
        text = Text(
            message.sid, message.from_number, message.body, False, at, message.segments, "delivered"
        )
        self._exchange.phones.add_text(phone.number, text)

    # ------------------------------------------------------------ in

    def write(self, phone: Handset, to: str, body: str) -> str:
        """A phone sends a text; its SID. To the line: a webhook follows in the background."""
        account = self._exchange.account
        is_ours = to.lstrip("+") == account.line.lstrip("+")
        message = self._new("inbound", phone.number, account.line if is_ours else to, body)
        message.status = "received" if is_ours else "delivered"
        at = self._exchange.clock.now().isoformat()
        text = Text(message.sid, message.to_number, body, True, at, message.segments, "sent")
        self._exchange.phones.add_text(phone.number, text)
        phone.unread = 0
        self._note(message)
        if is_ours:
            self._exchange.errands.run(message.sid, lambda: self._receive(message))
        else:
            other = self._exchange.phones.get(to)
            self._show(other, message)
        return message.sid

    def _receive(self, message: Message) -> None:
        account = self._exchange.account
        opt_out = self._intercept(message)
        url = account.hook("texts", "incoming")
        fields = _inbound_fields(message, account, opt_out)
        reply = self._exchange.webhooks.send("text", message.sid, url, fields)
        reached = reply is not None and reply.status is not None
        state = "delivered" if reached else "failed"
        self._note(message, state)
        self._exchange.phones.set_text_state(message.from_number, message.sid, state)

    def _intercept(self, message: Message) -> str:
        """Twilio answers STOP, START and HELP itself, in English; which word it was."""
        account = self._exchange.account
        if account.intercepts_stop == "off" or self._is_somleng():
            return ""
        word = _opt_out_word(message.body)
        if not word:
            return ""
        if word == "STOP":
            self.opted_out.add(message.from_number)
        elif word == "START":
            self.opted_out.discard(message.from_number)
        reply = self._new("outbound-reply", account.line, message.from_number, BOILERPLATE[word])
        reply.status = "delivered"
        self._show(self._exchange.phones.get(message.from_number), reply)
        return word

    # ------------------------------------------------------------ kept

    def get(self, sid: str) -> Message | None:
        """One text."""
        return self._kept.get(sid)

    def all(self) -> list[Message]:
        """Newest first."""
        with self._exchange.turnstile:
            return list(reversed(self._kept.values()))

    def keep(self, message: Message) -> None:
        """Put back a text of an earlier run."""
        self._kept[message.sid] = message

    def delete(self, sid: str) -> bool:
        """False if there was none."""
        with self._exchange.turnstile:
            return self._kept.pop(sid, None) is not None

    def _new(self, direction: str, from_number: str, to: str, body: str) -> Message:
        sid = self._exchange.account.dialect.new_sid("SM")
        now = self._exchange.clock.now()
        message = Message(sid, direction, from_number, to, body, now, count_segments(body))
        with self._exchange.turnstile:
            self._kept[sid] = message
            while len(self._kept) > MOST_TEXTS:
                del self._kept[next(iter(self._kept))]
        return message

    def _note(self, message: Message, state: str = "") -> None:
        mine = message.direction == "inbound"
        phone, shown = message.to_number, message.from_number
        if mine:
            phone, shown = shown, phone
        self._exchange.board.see_text(message.sid, phone, shown, state or message.status, mine=mine)

    def _is_somleng(self) -> bool:
        return self._exchange.account.dialect.name == "somleng"


def _opt_out_word(body: str) -> str:
    word = body.strip().upper()
    for name, words in (("STOP", STOP_WORDS), ("START", START_WORDS), ("HELP", HELP_WORDS)):
        if word in words:
            return name
    return ""


def _inbound_fields(message: Message, account: Account, opt_out: str) -> dict[str, str]:
    fields = {
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": message.from_number,
        "To": message.to_number,
        "Body": message.body,
        "NumMedia": "0",
        "ApiVersion": "2010-04-01",
    }
    if account.dialect.name == "somleng":
        fields["ReferralNumMedia"] = "0"
        return {name: value for name, value in fields.items() if value}
    fields |= {
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsStatus": "received",
        "NumSegments": str(message.segments),
        "FromCountry": "KH",
        "ToCountry": "KH",
    }
    if opt_out and account.intercepts_stop == "advanced":
        fields["OptOutType"] = opt_out
    return fields


def _receipt_fields(message: Message, account: Account) -> dict[str, str]:
    fields = {
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": message.from_number,
        "To": message.to_number,
        "MessageStatus": message.status,
        "ApiVersion": "2010-04-01",
    }
    if account.dialect.receipts_repeat_body:
        fields["Body"] = message.body
    if account.dialect.name == "twilio":
        fields |= {"SmsSid": message.sid, "SmsStatus": message.status}
    if message.error and account.dialect.receipts_have_error:
        fields["ErrorCode"] = message.error
    return fields
