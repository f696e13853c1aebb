"""The way out to a carrier's REST API: one pooled client a process, time-outs, and honest errors.

The SDK's own request logging is switched off, because it would write numbers and words of callers.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.carriers.refusals import CONFIG, trouble_for

if TYPE_CHECKING:
    from requests import Response, Session
    from twilio.rest import Client

CONNECT_SECONDS = 3.0
READ_SECONDS = 8.0
FETCH_SECONDS = 30.0
LARGEST_RECORDING = 8 * 1024 * 1024
POOL = 32
_PIECE = 64 * 1024

# A carrier may keep recordings in a bucket and redirect to it; nothing else is followed.
_BUCKET_HOST = ".amazonaws.com"


class RestLine:
    """A carrier's account at `api_url`; its client is made on first use, after any fork."""

    def __init__(
        self,
        account: str,
        token: str,
        api_url: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._account = account
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._patience = (connect_seconds, read_seconds)
        self._lock = threading.Lock()
        self._owner = 0
        self._made: tuple[Client, Session] | None = None

    @property
    def client(self) -> Client:
        """The SDK's client, with our base URL, pool and time-outs."""
        return self._line()[0]

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Around a request that changes something: a lost answer means CarrierUnknown."""
        with self._minding(lost=CarrierUnknown):
            yield

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around a request that only asks: a lost answer means ask again, CarrierUnavailable."""
        with self._minding(lost=CarrierUnavailable):
            yield

    def fetch(self, url: str) -> bytes:
        """A file the carrier keeps for us; refuses every other host, and more than 8 MiB."""
        if _origin(url) != _origin(self._api_url):
            raise CarrierRefused("foreign_host", CONFIG)
        deadline = time.monotonic() + FETCH_SECONDS
        with self.asking():
            answer = self._get(url, with_login=True)
            try:
                if answer.is_redirect:
                    target = urljoin(url, answer.headers["Location"])
                    answer.close()
                    answer = self._get_moved(target)
                return _read_body(answer, deadline)
            finally:
                answer.close()

    def _get_moved(self, target: str) -> Response:
        if _origin(target) == _origin(self._api_url):
            return self._get(target, with_login=True)
        parts = urlsplit(target)
        is_bucket = parts.scheme == "https" and (parts.hostname or "").endswith(_BUCKET_HOST)
        if not is_bucket or parts.port not in (None, 443):
            raise CarrierRefused("foreign_host", CONFIG)
        return self._get(target, with_login=False)

    def _get(self, url: str, *, with_login: bool) -> Response:
        headers = {"Accept-Encoding": "identity"}
        if with_login:
            login = b64encode(f"{self._account}:{self._token}".encode()).decode()
            headers["Authorization"] = f"Basic {login}"
        return self._line()[1].get(
            url, headers=headers, timeout=self._patience, allow_redirects=False, stream=True
        )

    def _line(self) -> tuple[Client, Session]:
        with self._lock:
            if self._made is None or self._owner != os.getpid():
                self._made = self._connect()
                self._owner = os.getpid()
            return self._made

    def _connect(self) -> tuple[Client, Session]:
        # Loaded here: the SDK's client takes 0.1 s to import, and a web process seldom sends.
        from requests import Session
        from requests.adapters import HTTPAdapter
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        session = Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=POOL, max_retries=0))
        http = TwilioHttpClient(logger=_silent_logger())
        http.session = session
        # Not by its constructor, which cannot take a pair of (connect, read).
        http.timeout = self._patience
        client = Client(self._account, self._token, http_client=http)
        client.api.base_url = self._api_url
        return client, session

    @contextmanager
    def _minding(self, lost: type[CarrierUnknown] | type[CarrierUnavailable]) -> Iterator[None]:
        # Loaded here for the same reason; after the first request both are in memory.
        from requests import RequestException
        from twilio.base.exceptions import TwilioException

        self._line()
        try:
            yield
        except TwilioException as error:
            # `from None`: the SDK's message repeats what the carrier said about the number.
            trouble = trouble_for(getattr(error, "status", 0) or 500, getattr(error, "code", None))
            raise _as_asked(trouble, lost) from None
        except RequestException as error:
            name = type(error).__name__
            raise (CarrierUnavailable(name) if _never_left(error) else lost(name)) from None
        except (ValueError, KeyError, TypeError):
            raise lost("answer_unreadable") from None


def _as_asked(trouble: Exception, lost: type[Exception]) -> Exception:
    """A question whose fate is unknown has changed nothing, so it may simply be asked again."""
    if isinstance(trouble, CarrierUnknown) and lost is CarrierUnavailable:
        return CarrierUnavailable(trouble.code)
    return trouble


def _never_left(error: Exception) -> bool:
    """Did the request fail before a byte of it was sent? Only then may it be sent again freely."""
    from requests import exceptions
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    if isinstance(error, exceptions.ConnectTimeout | exceptions.ProxyError | exceptions.SSLError):
        return True
    if isinstance(error, exceptions.InvalidURL | exceptions.MissingSchema):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _read_body(answer: Response, deadline: float) -> bytes:
    if answer.status_code == 404:
        raise CarrierUnavailable("404")  # a recording may take some seconds to appear
    if answer.status_code != 200:
        raise _as_asked(trouble_for(answer.status_code, None), CarrierUnavailable)
    body = bytearray()
    for piece in answer.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST_RECORDING:
            raise CarrierRefused("too_large", CONFIG)
        if time.monotonic() > deadline:
            raise CarrierUnavailable("too_slow")
    return bytes(body)


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    try:
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        port = -1
    return parts.scheme, (parts.hostname or "").lower(), port


def _silent_logger() -> logging.Logger:
    logger = logging.getLogger("hotline.carriers.sdk")
    logger.disabled = True
    return logger
