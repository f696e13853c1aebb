"""The same turns without a server: the application is called directly. The least noisy figure."""

from __future__ import annotations

import gc
import io
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks import floor
from benchmarks.calling import TO_A_CASE, Caller, Crowd
from benchmarks.figure import Figure
from benchmarks.installation import installed, redis_server
from benchmarks.rounds import Effort, in_turn, median
from hotline.app import create_app

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_ROUNDS = 3  # of each effort's: a round is short here
_TURNS = 200
_CALLS = 64


def measure(effort: Effort) -> list[Figure]:
    """Goal 2, a turn that opens a case, and the statements of a turn."""
    with installed("process") as installation, redis_server(installation):
        hotline = installation.hotline()
        application = create_app(hotline)
        calls = begin_calls(application, _CALLS)
        take(application, calls, _CALLS * 3)  # past the key that chooses the language, kept apart
        hotline.database.close()
        with counting_statements() as statements:
            take(application, calls, 1)
            statements.clear()
            take(application, calls, _TURNS)
        hotline.database.close()
        ours, theirs, opening = _in_turn(application, calls, effort)
    return [
        _ratio("2 CPU of a turn", ours, theirs, 16, 10),
        _ratio("2 CPU of a turn that opens a case and pages", opening, theirs, None, None),
        _statements(Counter(statements)),
    ]


def _in_turn(
    application: Application, calls: Crowd, effort: Effort
) -> list[list[tuple[float, float]]]:
    idle = Crowd([Caller(path="/floor") for _ in range(_CALLS)])
    take(application, calls, _TURNS)
    take(floor.app, idle, _TURNS)
    return in_turn(
        effort.rounds * _ROUNDS,
        lambda: take(application, calls, _TURNS),
        lambda: take(floor.app, idle, _TURNS * 4),
        lambda: open_cases(application, 12),
    )


def _ratio(
    what: str,
    ours: list[tuple[float, float]],
    theirs: list[tuple[float, float]],
    must: float | None,
    aim: float | None,
) -> Figure:
    cpu, floor_cpu = (median(cpu for cpu, _ in found) for found in (ours, theirs))
    behind = (
        f"{cpu:.0f} against {floor_cpu:.0f} us of CPU, without a server; "
        f"{median(wall for _, wall in ours):.0f} us by the clock, fsync included"
    )
    return Figure("process", what, cpu / floor_cpu, "x", behind, must, aim)


def _statements(counted: Counter[str]) -> Figure:
    each = {name: number / _TURNS for name, number in counted.items()}
    queries = sum(n for name, n in each.items() if name not in ("BEGIN", "COMMIT"))
    told = ", ".join(f"{name} {number:.2f}" for name, number in sorted(each.items()))
    return Figure("process", "SQL statements of a turn", queries, "", told, 2, 2)


@contextmanager
def counting_statements() -> Iterator[list[str]]:
    """Every statement SQLite is given, by its first word."""
    seen: list[str] = []

    def watch(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(lambda text: seen.append(text.split(None, 1)[0].upper()))

    event.listen(Engine, "connect", watch)
    try:
        yield seen
    finally:
        event.remove(Engine, "connect", watch)


def begin_calls(application: Application, number: int) -> Crowd:
    callers = [Caller() for _ in range(number)]
    for caller in callers:
        caller.took(_answer(application, _environ(caller.ring()))[1])
    return Crowd(callers)


def take(application: Application, calls: Crowd, turns: int) -> tuple[float, float]:
    """Microseconds of CPU and of the clock a turn; the request is built outside of both."""
    jobs: list[Caller] = []
    for _ in range(turns):
        if len(jobs) == _CALLS:
            break
        jobs.append(calls.next())
    gc.collect()
    cpu = wall = 0.0
    done = 0
    while done < turns:
        for caller in jobs[: turns - done]:
            environ = _environ(caller.request())
            began, began_cpu = time.perf_counter(), time.process_time()
            status, body = _answer(application, environ)
            cpu += time.process_time() - began_cpu
            wall += time.perf_counter() - began
            assert caller.heard(status, body), body[:300]
            done += 1
    for caller in jobs:
        calls.done(caller)
    return cpu / done * 1e6, wall / done * 1e6


def open_cases(application: Application, number: int) -> tuple[float, float]:
    """The same for the key that opens a case and pages whoever is on call."""
    cpu = wall = 0.0
    for _ in range(number):
        caller = Caller(TO_A_CASE)
        caller.took(_answer(application, _environ(caller.ring()))[1])
        for _ in TO_A_CASE:
            environ = _environ(caller.request())
            began, began_cpu = time.perf_counter(), time.process_time()
            status, body = _answer(application, environ)
            last_cpu, last = time.process_time() - began_cpu, time.perf_counter() - began
            assert caller.heard(status, body), body[:300]
        cpu, wall = cpu + last_cpu, wall + last
    return cpu / number * 1e6, wall / number * 1e6


def _answer(application: Application, environ: dict[str, Any]) -> tuple[int, bytes]:
    told: list[str] = []
    pieces = application(environ, lambda status, headers, error=None: told.append(status))
    body = b"".join(pieces)
    if hasattr(pieces, "close"):
        pieces.close()
    return int(told[0][:3]), body


def _environ(request: bytes) -> dict[str, Any]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    target = first.split(" ")[1]
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(body),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for line in lines:
        name, _, value = line.partition(": ")
        name = name.upper().replace("-", "_")
        environ[name if name.startswith("CONTENT_") else f"HTTP_{name}"] = value
    return environ
