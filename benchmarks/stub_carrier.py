"""A carrier that takes every text at once and remembers when each arrived."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs

from benchmarks.processes import HOST

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Arrived:
    """`at` is of time.perf_counter, in the process of the benchmark."""

    at: float
    body: str


class StubCarrier:
    """Answers POST .../Messages.json in a thread of this process; use it as a context."""

    def __init__(self) -> None:
        self.port = 0
        self.texts: list[Arrived] = []
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> StubCarrier:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def wait_for(self, number: int, seconds: float) -> bool:
        """Until so many texts have arrived in all; False if they did not."""
        with self._news:
            return self._news.wait_for(lambda: len(self.texts) >= number, seconds)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        asked = self._loop.create_server(lambda: _Line(self), HOST, 0)
        server = self._loop.run_until_complete(asked)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()

    def take(self, body: str) -> None:
        with self._news:
            self.texts.append(Arrived(time.perf_counter(), body))
            self._news.notify_all()


class _Line(asyncio.Protocol):
    def __init__(self, carrier: StubCarrier) -> None:
        self._carrier, self._seen = carrier, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, parted, body = self._seen.partition(b"\r\n\r\n")
        if not parted or len(body) < _length(head):
            return
        self._seen = body[_length(head) :]
        self._carrier.take(parse_qs(body.decode()).get("Body", [""])[0])
        self._transport.write(_answer())


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r", 1)[0]) if found else 0


def _answer() -> bytes:
    """What the SDK needs to make a message of it; a new id each time."""
    body = json.dumps(
        {
            "sid": f"SM{next(_numbers):032x}",
            "status": "queued",
            "account_sid": "AC" + "0" * 32,
            "body": "",
            "direction": "outbound-api",
            "num_segments": "1",
            "num_media": "0",
        }
    ).encode()
    head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body
