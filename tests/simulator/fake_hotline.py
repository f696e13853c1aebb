"""A small hotline that answers with what a test tells it, on a free port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, request
from werkzeug.serving import make_server

from simulator.sounds import make_speech

Answer = str | tuple[str, int] | Callable[[dict[str, str]], "str | tuple[str, int]"]


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    url: str
    form: dict[str, str]
    query: dict[str, str]
    signature: str
    token: str | None


@dataclass
class FakeHotline:
    """`answers` by path; a path without an answer gets an empty Response."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        app = Flask("fake")
        app.add_url_rule("/<path:path>", "any", self._take, methods=["GET", "POST"])
        self._server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeHotline:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, path: str) -> Response:
        if path.startswith("audio/") and f"/{path}" not in self.answers:
            return Response(make_speech(0.5), mimetype="audio/x-wav")
        heads = request.headers
        asked = Asked(
            request.method,
            f"/{path}",
            request.url,
            request.form.to_dict(),
            request.args.to_dict(),
            heads.get("X-Twilio-Signature", ""),
            heads.get("I-Twilio-Idempotency-Token"),
        )
        self.asked.append(asked)
        answer = self.answers.get(f"/{path}", "<Response/>")
        if callable(answer):
            answer = answer({**asked.query, **asked.form})
        body, status = answer if isinstance(answer, tuple) else (answer, 200)
        return Response(body.replace("{url}", self.url), status=status, mimetype="text/xml")

    def to(self, path: str) -> list[dict[str, str]]:
        """The forms that came to a path."""
        return [each.form for each in self.asked if each.path == path]


INCOMING = "/calls/simulator/incoming"
STATUS = "/calls/simulator/status"
TEXTS = "/texts/simulator/incoming"


def menu(*prompts: str, digits: int = 1, extra: str = "") -> str:
    """A menu as the hotline writes it."""
    plays = "".join(f"<Play>{{url}}/audio/km/{each}.abc.mp3</Play>" for each in prompts)
    return (
        f'<Response><Gather numDigits="{digits}" action="{{url}}/turn" method="POST" timeout="5" '
        f'actionOnEmptyResult="true"{extra}>{plays}</Gather></Response>'
    )
