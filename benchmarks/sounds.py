"""Prompts as we serve them, beside Flask's send_file: the whole take, and "not modified"."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection

from benchmarks.figure import Figure
from benchmarks.installation import clean_environment, installed
from benchmarks.load import Load
from benchmarks.processes import Server, web_server
from benchmarks.rounds import Effort, in_turn, median, spread
from hotline.carriers.twiml import take_path

_LANGUAGE, _PROMPT = "km", "V_MAIN_MENU"
_CONNECTIONS = 4


class _Fetch:
    """The same request again and again; `expected` is the only right status."""

    def __init__(self, path: str, expected: int, etag: str | None = None) -> None:
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{known}\r\n".encode()
        self._expected = expected

    def request(self) -> bytes:
        return self._request

    def heard(self, status: int, body: bytes) -> bool:
        return status == self._expected

    def next(self) -> _Fetch:
        return self

    def done(self, job: _Fetch, /) -> None:
        pass


def measure(effort: Effort) -> list[Figure]:
    """Goal 17."""
    with installed("sounds") as installation:
        folder = installation.folder
        sound = installation.hotline().library.prompts[_PROMPT].sounds[_LANGUAGE]
        ours = take_path(_LANGUAGE, _PROMPT, sound.hash, sound.ext)
        with (
            web_server("line", "wsgi:app", installation.environment, folder) as line,
            web_server("floor", "benchmarks.floor:app", clean_environment(), folder) as floor,
        ):
            theirs = f"/audio/{sound.file}"
            floor_etag = _etag(floor, theirs)
            whole = _compare(
                "17 a whole prompt",
                effort,
                lambda: Load(line, _Fetch(ours, 200), _CONNECTIONS),
                lambda: Load(floor, _Fetch(theirs, 200), _CONNECTIONS),
                (1.5, 1.8),
            )
            known = _compare(
                "17 a prompt that is known (304)",
                effort,
                lambda: Load(line, _Fetch(ours, 304, f'"{sound.hash}"'), _CONNECTIONS),
                lambda: Load(floor, _Fetch(theirs, 304, floor_etag), _CONNECTIONS),
                (2.0, 2.7),
            )
    return [whole, known]


def _compare(
    name: str,
    effort: Effort,
    ours: Callable[[], Load[_Fetch]],
    theirs: Callable[[], Load[_Fetch]],
    goals: tuple[float, float],
) -> Figure:
    seconds = effort.seconds * 0.7
    found = in_turn(effort.rounds, lambda: ours().run(seconds), lambda: theirs().run(seconds))
    rates = [[m.rate for m in side] for side in found]
    bad = sum(m.bad for side in found for m in side)
    behind = (
        f"{median(rates[0]):.0f} ({spread(rates[0], 0)}) against {median(rates[1]):.0f} "
        f"({spread(rates[1], 0)}) a second for send_file; {bad} bad"
    )
    must, aim = goals
    return Figure("sounds", name, median(rates[0]) / median(rates[1]), "x", behind, must, aim, True)


def _etag(server: Server, path: str) -> str:
    line = HTTPConnection("127.0.0.1", server.port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.headers["ETag"]
