"""A carrier's API on this machine: real HTTP, and it can misbehave."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass
class Reply:
    status: int = 200
    body: bytes | dict = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""  # "before": closes without an answer; "never": keeps the caller waiting


class LoopbackCarrier(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []
        self.asked: list[dict] = []
        self.connections = 0
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackCarrier

    def setup(self):
        super().setup()
        self.server.connections += 1

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        login = self.headers.get("Authorization", "")
        self.server.asked.append(
            {
                "method": self.command,
                "path": self.path,
                "form": dict(parse_qsl(body.decode(), keep_blank_values=True)),
                "login": b64decode(login.removeprefix("Basic ")).decode() if login else "",
            }
        )
        reply = self.server.replies.pop(0)
        if reply.cut == "before":
            self.close_connection = True
            return
        if reply.cut == "never":
            self.server.over.wait(10)
            self.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the other side had enough

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def loopback_carrier():
    server = LoopbackCarrier()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
