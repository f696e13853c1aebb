"""Webhooks out: signed, timed out and retried as the carrier does, and every one in the log."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode

import requests

from simulator.call_log import CallLog
from simulator.dialect import Account
from simulator.faults import Fault, Faults
from simulator.signature import sign

USER_AGENT = "desk-phone-company/1.0"
_LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `status` None: nothing came, `error` names the carrier's code for it."""

    status: int | None
    body: str
    url: str
    error: str = ""


class Webhooks:
    """Sends the webhooks of one account."""

    def __init__(
        self,
        account: Account,
        faults: Faults,
        log: CallLog,
        sleep: Callable[[float], None],
    ) -> None:
        self._account = account
        self._faults = faults
        self._log = log
        self._sleep = sleep
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, str, str, dict[str, str]]] = {}

    def send(
        self, kind: str, subject: str, url: str, fields: Mapping[str, str], method: str = "POST"
    ) -> Reply | None:
        """Send one; None if a fault swallowed it. `kind` as in the log, `subject` a SID."""
        values = dict(fields)
        if self._faults.take("lose", kind):
            self._log.add(kind, subject, method=method, url=url, fields=values, faults=["lose"])
            return None
        if kind == "receipt" and self._faults.take("reorder", kind):
            with self._lock:
                self._held[subject] = (kind, url, method, values)
            return None
        reply = self._send_with_faults(kind, subject, url, values, method)
        with self._lock:
            held = self._held.pop(subject, None)
        if held is not None:
            self._deliver(held[0], subject, held[1], held[3], held[2], ["reorder"])
        return reply

    def post_later(
        self, kind: str, subject: str, url: str, fields: dict[str, str], method: str
    ) -> Callable[[], None]:
        """An errand that sends one and needs no reply."""

        def errand() -> None:
            self.send(kind, subject, url, fields, method)

        return errand

    def _send_with_faults(
        self, kind: str, subject: str, url: str, fields: dict[str, str], method: str
    ) -> Reply:
        marks: list[str] = []
        stall = self._faults.take("stall", kind)
        if stall is not None:
            marks.append("stall")
            self._sleep(stall.seconds)
        bad = self._faults.take("bad_signature", kind)
        twice = self._faults.take("duplicate", kind)
        token = uuid.uuid4().hex
        if bad:
            marks.append("bad_signature")
        reply = self._deliver(kind, subject, url, fields, method, marks, token, bad)
        if twice:
            self._deliver(kind, subject, url, fields, method, [*marks, "duplicate"], token, bad)
        return reply

    def _deliver(
        self,
        kind: str,
        subject: str,
        url: str,
        fields: dict[str, str],
        method: str,
        marks: list[str],
        token: str = "",
        bad: Fault | None = None,
    ) -> Reply:
        dialect = self._account.dialect
        tries = dialect.text_tries if kind in ("text", "receipt") else dialect.call_tries
        began = time.monotonic()
        reply = Reply(None, "", url)
        for attempt in range(tries):
            if attempt:
                self._sleep(1.0)
            reply = self._request(url, fields, method, token or uuid.uuid4().hex, bad is not None)
            if reply.error not in ("11205", "11210"):
                break
        ms = round((time.monotonic() - began) * 1000)
        about = {"method": method, "url": url, "fields": fields, "ms": ms, "faults": marks}
        body = reply.body[:_LONGEST_BODY]
        self._log.add(kind, subject, status=reply.status, body=body, code=reply.error, **about)
        self._complain(kind, subject, reply)
        return reply

    def _complain(self, kind: str, subject: str, reply: Reply) -> None:
        if reply.status is None:
            words = f"{kind} webhook: no answer"
            self._log.problem(subject, reply.error or "11205", words)
        elif reply.status >= 400:
            code = "11200" if kind in ("call", "text") else "15003"
            self._log.problem(subject, code, f"{kind} webhook: status {reply.status}")

    def _request(
        self, url: str, fields: dict[str, str], method: str, token: str, bad: bool
    ) -> Reply:
        address = urldefrag(url).url
        if method == "GET":
            joint = "&" if "?" in address else "?"
            address, form = address + joint + urlencode(fields), {}
        else:
            form = fields
        request = requests.Request(method, address, data=form or None)
        dialect = self._account.dialect
        with requests.Session() as session:
            session.trust_env = False
            try:
                ready = session.prepare_request(request)
            except requests.RequestException:
                return Reply(None, "", url, "11100")
            signed = sign(self._account.token, ready.url or address, form)
            ready.headers["X-Twilio-Signature"] = signed[::-1] if bad else signed
            ready.headers["User-Agent"] = USER_AGENT
            if dialect.idempotency_header:
                ready.headers["I-Twilio-Idempotency-Token"] = token
            limits = (dialect.connect_timeout or 60.0, dialect.read_timeout or 120.0)
            return _exchange(session, ready, limits)


def _exchange(
    session: requests.Session, ready: requests.PreparedRequest, limits: tuple[float, float]
) -> Reply:
    try:
        answer = session.send(ready, timeout=limits, allow_redirects=True)
    except requests.ReadTimeout:
        return Reply(None, "", ready.url or "", "11200")
    except requests.exceptions.SSLError:
        return Reply(None, "", ready.url or "", "11220")
    except requests.Timeout:
        return Reply(None, "", ready.url or "", "11205")
    except requests.RequestException:
        return Reply(None, "", ready.url or "", "11210")
    answer.encoding = answer.encoding or "utf-8"
    if "charset" not in answer.headers.get("Content-Type", ""):
        answer.encoding = "utf-8"
    return Reply(answer.status_code, answer.text, answer.url)
