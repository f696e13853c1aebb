"""Callers: each request is signed, carries the turn number of the last answer and is new."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections import deque
from hashlib import md5, sha1
from http.client import HTTPConnection
from itertools import count
from typing import Protocol
from urllib.parse import quote_plus

from benchmarks.installation import ACCOUNT, BASE, LINE, TOKEN

ROUND = (*"212122220", *"310", *"320", "7", *"410", "9", *"3520", "")
"""Keys from the main menu through the job check, lessons and help, and back to it; a wrong key,
a repeat and a silence among them. None of them opens a case."""

TO_A_CASE = ("1", "1", "1")
"""Khmer, "a child is missing", and the key that opens the case."""

MOST_KEYS = 190  # a call may have 200 turns
_NEXT = re.compile(rb"turn\?n=(\d+)&amp;l=([a-z]+)")
_APOLOGY = b"V_ERR_SYSTEM"
_KEYED = hmac.new(TOKEN.encode(), digestmod=sha1)
_numbers = count(1)


class Job(Protocol):
    """One request, and what its answer is for."""

    def request(self) -> bytes: ...

    def heard(self, status: int, body: bytes) -> bool:
        """Take the answer; False if it was not the right one."""
        ...


class Caller:
    """One phone call: begins it, presses keys for as long as it goes on, hangs up."""

    __slots__ = ("_body", "_head", "_keys", "_signed", "_step", "_to", "answered", "is_over", "sid")

    def __init__(self, keys: tuple[str, ...] = (), *, path: str | None = None) -> None:
        """Without `keys`: language, past the first question, then ROUND for ever.

        `path` sends every request to one fixed address: for a floor.
        """
        number = next(_numbers)
        self.sid = "CA" + md5(b"call %d" % number).hexdigest()
        self._keys, self._step = keys, 0
        self._to = path
        self._signed, self._body = _form(self.sid, f"+85577{number % 10**7:07d}")
        self._head = "X-Twilio-Idempotency-Token: " + md5(b"token %d" % number).hexdigest()
        self.answered: tuple[str, str] | None = None
        self.is_over = False

    def ring(self) -> bytes:
        return self._post("/calls/twilio/incoming", "")

    def hang_up(self) -> bytes:
        return self._post("/calls/twilio/status", "", "completed")

    def request(self) -> bytes:
        """The next key, told at the address that the last answer gave."""
        key = self._next_key()
        if self._to is not None:
            return self._post(self._to, key)
        assert self.answered is not None, "nobody has answered this call yet"
        number, language = self.answered
        return self._post(f"/calls/twilio/turn?n={number}&l={language}", key)

    def heard(self, status: int, body: bytes) -> bool:
        self._step += 1
        if self._to is not None:
            return status == 200
        found = _NEXT.search(body)
        if found is None:
            self.is_over = True
        else:
            self.answered = found[1].decode(), found[2].decode()
        return status == 200 and _APOLOGY not in body

    def took(self, body: bytes) -> None:
        """The answer to the first request."""
        found = _NEXT.search(body)
        assert found is not None, f"the call was not taken: {body[:200]!r}"
        self.answered = found[1].decode(), found[2].decode()

    def _next_key(self) -> str:
        step = self._step
        if self._keys:
            return self._keys[step]
        return ("1", "0")[step] if step < 2 else ROUND[(step - 2) % len(ROUND)]

    @property
    def may_go_on(self) -> bool:
        return not self.is_over and self._step < (len(self._keys) or MOST_KEYS)

    def _post(self, target: str, key: str, status: str = "in-progress") -> bytes:
        signed = self._signed.replace("{status}", status).replace("{digits}", key)
        body = self._body.replace("{status}", status).replace("{digits}", quote_plus(key)).encode()
        head = (
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: TwilioProxy/1.1\r\n"
            f"X-Twilio-Signature: {_sign(BASE + target + signed)}\r\n{self._head}\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _form(sid: str, number: str) -> tuple[str, str]:
    """What is signed and what is sent, with places for the key and the state of the call."""
    fields = {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": number,
        "To": LINE,
        "CallStatus": "{status}",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        "Digits": "{digits}",
        "FromCountry": "KH",
        "ToCountry": "KH",
        "Caller": number,
        "Called": LINE,
        "msg": "Gather End",
        "FromCity": "",
        "FromState": "",
        "FromZip": "",
        "ToCity": "",
        "ToState": "",
        "ToZip": "",
    }
    signed = "".join(name + fields[name] for name in sorted(fields))
    sent = "&".join(f"{quote_plus(n)}={quote_plus(v, safe='{}')}" for n, v in fields.items())
    return signed, sent


def _sign(text: str) -> str:
    mac = _KEYED.copy()
    mac.update(text.encode())
    return b64encode(mac.digest()).decode()


def ask(wire: HTTPConnection, request: bytes) -> tuple[int, bytes]:
    """Send a whole request over a connection that is open; the status and body."""
    assert wire.sock is not None, "not connected"
    wire.sock.sendall(request)
    answer = wire.response_class(wire.sock, method="POST")
    answer.begin()
    return answer.status, answer.read()


class Crowd:
    """Callers who take turns, so that two turns of one call are never under way together."""

    def __init__(self, callers: list[Caller]) -> None:
        self._waiting = deque(callers)
        self.turns = 0
        self.seen: set[str] = set()

    def next(self) -> Caller:
        if not self._waiting:
            raise RuntimeError("every call is over: begin more of them before the measurement")
        return self._waiting.popleft()

    def done(self, caller: Caller) -> None:
        self.turns += 1
        self.seen.add(caller.sid)
        if caller.may_go_on:
            self._waiting.append(caller)
