"""A call nobody makes: we post to our own public address what the carrier would post, signed.

So a rehearsal goes the whole way: name, proxy, certificate, web, database, flows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from hotline.carriers.signature import Signature

if TYPE_CHECKING:
    from requests import Response

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0  # a carrier waits longer, a caller does not
_LONGEST = 64 * 1024


class NotHeard(Exception):
    """The line did not answer as it should; `code` says how, without any address."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not heard, {code}")
        self.code = code


@dataclass(slots=True)
class PlayedCall:
    """One call to our own line. `base` is our public address, `token` the carrier's auth token."""

    carrier: str
    sid: str
    line: str
    base: str
    token: str = field(repr=False)
    _next: str | None = None  # where the line wants the next key
    _sound: str | None = None  # the first thing it plays

    def ring(self) -> None:
        """The line answers. Raises NotHeard."""
        self._hear(self._post(f"/calls/{self.carrier}/incoming"))

    def listen(self) -> None:
        """What it plays can be fetched. Raises NotHeard."""
        if self._sound is None:
            raise NotHeard("plays_nothing")
        _check_sound(self._exchange("GET", self._sound, None))

    def press(self, key: str) -> None:
        """Press a key when asked for one. Raises NotHeard, also where no key is asked for."""
        if self._next is None:
            raise NotHeard("asks_for_no_key")
        self._hear(self._post(self._next, Digits=key))

    def hang_up(self) -> None:
        """Raises NotHeard."""
        self._post(f"/calls/{self.carrier}/status", CallStatus="completed", CallDuration="9")

    def _hear(self, document: Xml.Element) -> None:
        gather, sound = document.find("Gather"), document.find(".//Play")
        self._next = gather.get("action") if gather is not None else None
        self._sound = sound.text if sound is not None else None

    def _post(self, path: str, **more: str) -> Xml.Element:
        return _document(self._exchange("POST", path, self._fields() | more))

    def _exchange(self, method: str, path: str, fields: dict[str, str] | None) -> Response:
        # Loaded here: only a worker that rehearses pays for it.
        from requests import RequestException

        url = self.base + path if path.startswith("/") else path
        if not url.startswith(self.base + "/"):
            raise NotHeard("leads_elsewhere")
        text = url + "".join(name + value for name, value in sorted((fields or {}).items()))
        signature = Signature(self.token, self.base).of(text)
        try:
            return _send(method, url, fields, signature)
        except RequestException as error:
            raise NotHeard(_code(type(error).__name__)) from None

    def _fields(self) -> dict[str, str]:
        """What Twilio and Somleng both send."""
        return {
            "CallSid": self.sid,
            "From": self.line,
            "To": self.line,
            "CallStatus": "in-progress",
            "Direction": "inbound",
        }


def _send(method: str, url: str, fields: dict[str, str] | None, signature: str) -> Response:
    from requests import Session

    with Session() as session:
        session.trust_env = False
        return session.request(
            method,
            url,
            data=fields,
            headers={"X-Twilio-Signature": signature},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
        )


def _check_sound(answer: Response) -> None:
    if answer.status_code != 200:
        raise NotHeard(f"status_{answer.status_code}")
    if not answer.headers.get("Content-Type", "").startswith("audio/") or not answer.content:
        raise NotHeard("no_sound")


def _document(answer: Response) -> Xml.Element:
    if answer.status_code != 200:
        raise NotHeard(f"status_{answer.status_code}")
    try:
        document = Xml.fromstring(answer.content[:_LONGEST])  # noqa: S314  our own answer
    except Xml.ParseError:
        raise NotHeard("no_twiml") from None
    if document.tag != "Response":
        raise NotHeard("no_twiml")
    return document


def _code(name: str) -> str:
    """ConnectTimeout -> connect_timeout."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")[:32]
