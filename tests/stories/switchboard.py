"""Webhooks one by one, signed as the carrier signs them: to be sent twice, late or out of order."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from urllib.parse import urlencode

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import Client, TestResponse

FORM = "application/x-www-form-urlencoded"
NUMBER = "+85523900900"
_sids = itertools.count(1)


@dataclass
class Switchboard:
    """Signs with `token` over `base`, the public address of the hotline."""

    app: Flask
    base: str
    token: str
    carrier: str = "simulator"
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sends(
        self, target: str, fields: dict[str, str], *, signed: str | None = None
    ) -> TestResponse:
        """A form to `target` (path and query); `signed` stands in for the right signature."""
        right = RequestValidator(self.token).compute_signature(self.base + target, fields)
        headers = {"X-Twilio-Signature": right if signed is None else signed}
        return self.client.post(target, data=urlencode(fields), content_type=FORM, headers=headers)

    def sends_json(self, target: str, body: object) -> TestResponse:
        """The same as JSON; then the address carries the digest of the body."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        joint = "&" if "?" in target else "?"
        target += f"{joint}bodySHA256={hashlib.sha256(raw).hexdigest()}"
        right = RequestValidator(self.token).compute_signature(self.base + target, {})
        headers = {"X-Twilio-Signature": right}
        return self.client.post(target, data=raw, content_type="application/json", headers=headers)

    def call(self, from_number: str, sid: str = "") -> RawCall:
        return RawCall(self, from_number, sid or f"CA{next(_sids):032d}")

    def text(self, from_number: str, body: str, sid: str = "") -> dict[str, str]:
        """The fields of a text."""
        return {
            "MessageSid": sid or f"SM{next(_sids):032d}",
            "From": from_number,
            "To": NUMBER,
            "Body": body,
        }


@dataclass
class RawCall:
    """One call, turn by turn; `n` is in the address that the hotline gave with its last answer."""

    switchboard: Switchboard
    from_number: str
    sid: str

    def fields(self, **more: str) -> dict[str, str]:
        known = {"CallSid": self.sid, "From": self.from_number, "To": NUMBER}
        return known | {"CallStatus": "in-progress", "Direction": "inbound"} | more

    def begins(self) -> TestResponse:
        return self.ask("incoming", "", CallStatus="ringing")

    def turn(self, n: int, keys: str = "", **more: str) -> TestResponse:
        return self.ask("turn", f"?n={n}&l=km", Digits=keys, **more)

    def is_over(self) -> TestResponse:
        return self.ask("status", "", CallStatus="completed", CallDuration="60")

    def ask(self, event: str, query: str, **more: str) -> TestResponse:
        target = f"/calls/{self.switchboard.carrier}/{event}{query}"
        return self.switchboard.sends(target, self.fields(**more))


def all_at_once(*doings: Callable[[], TestResponse]) -> list[TestResponse]:
    """Do them in as many threads, let go in the same moment."""
    gate = Barrier(len(doings))

    def do(one: Callable[[], TestResponse]) -> TestResponse:
        gate.wait(10)
        return one()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(do, doings))
