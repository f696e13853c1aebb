"""Turns of real calls under gunicorn, beside a Flask view that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

from benchmarks.calling import Caller, Crowd, ask
from benchmarks.figure import Figure
from benchmarks.installation import clean_environment, installed
from benchmarks.load import Load, Measured
from benchmarks.processes import HOST, Server, family, pss_mebibytes, web_server
from benchmarks.rounds import Effort, in_turn, median, spread

_CALLS = 512
_RATE = 300
_FLOOR_PATH = "/floor"


def measure(effort: Effort) -> list[Figure]:
    """Goals 1, 5 and 6, and the memory of a loaded worker."""
    with _both(workers=1) as (line, floor, calls):
        full = _closed(line, floor, calls, effort)
        open_loop = _at_a_rate(line, floor, calls, effort)
        memory = _memory(line, floor)
    with _both(workers=2) as (line, floor, calls):
        crowded = _two_workers(line, floor, calls, effort)
    return [*full, *open_loop, *crowded, memory]


@contextmanager
def _both(workers: int) -> Iterator[tuple[Server, Server, Crowd]]:
    """The line and the floor, side by side, and calls that have begun."""
    with (
        installed("turns") as installation,
        web_server(
            "line", "wsgi:app", installation.environment, installation.folder, workers=workers
        ) as line,
        web_server(
            "floor",
            "benchmarks.floor:app",
            clean_environment(),
            installation.folder,
            workers=workers,
        ) as floor,
    ):
        yield line, floor, begin_calls(line, _CALLS)


def begin_calls(server: Server, number: int) -> Crowd:
    """Calls that have been answered, outside of any measurement."""

    def begin(callers: list[Caller]) -> None:
        line = HTTPConnection(HOST, server.port, timeout=10)
        line.connect()
        for caller in callers:
            caller.took(ask(line, caller.ring())[1])
        line.close()

    callers = [Caller() for _ in range(number)]
    with ThreadPoolExecutor(4) as together:
        list(together.map(begin, [callers[at::4] for at in range(4)]))
    return Crowd(callers)


def _idle() -> Crowd:
    return Crowd([Caller(path=_FLOOR_PATH) for _ in range(_CALLS)])


def _closed(line: Server, floor: Server, calls: Crowd, effort: Effort) -> list[Figure]:
    ours, theirs = in_turn(
        effort.rounds,
        lambda: Load(line, calls, 8).run(effort.seconds),
        lambda: Load(floor, _idle(), 8).run(effort.seconds),
    )
    ratio = median(m.rate for m in ours) / median(m.rate for m in theirs)
    bad = sum(m.bad for m in ours)
    behind = (
        f"{_rates(ours)} against {_rates(theirs)} a second; p50 {_of(ours, 'p50')}, "
        f"p99 {_of(ours, 'p99')} ms against {_of(theirs, 'p50')} and {_of(theirs, 'p99')} ms; "
        f"{sum(m.answers for m in ours)} turns of {len(calls.seen)} calls, {bad} bad"
    )
    used = median(m.cpu_ms for m in ours) / median(m.cpu_ms for m in theirs)
    cpu = f"{_of(ours, 'cpu_ms')} against {_of(theirs, 'cpu_ms')} ms a request, server included"
    return [
        Figure("turns", "1 whole voice turn, rate", ratio, "x", behind, 0.25, 0.35, True),
        Figure("turns", "1 the same, CPU of the server", used, "x", cpu),
    ]


def _at_a_rate(line: Server, floor: Server, calls: Crowd, effort: Effort) -> list[Figure]:
    seconds = effort.seconds * 1.5
    ours, theirs = in_turn(
        effort.rounds,
        lambda: Load(line, calls, 64, _RATE).run(seconds),
        lambda: Load(floor, _idle(), 64, _RATE).run(seconds),
    )
    ratio = median(m.p99 for m in ours) / median(m.p99 for m in theirs)
    bad = sum(m.bad for m in ours)
    behind = (
        f"p99 {_of(ours, 'p99')} ms ({spread((m.p99 for m in ours), 1)}), p50 {_of(ours, 'p50')}; "
        f"floor p99 {_of(theirs, 'p99')} ms ({spread((m.p99 for m in theirs), 1)}), "
        f"p50 {_of(theirs, 'p50')}; reached {_rates(ours)} a second"
    )
    name = f"5 p99 at {_RATE} turns a second"
    wrong = f"5 bad answers at {_RATE} a second"
    return [
        Figure("turns", name, ratio, "x", behind, 3, 2),
        Figure("turns", wrong, bad, "", "no answer, or an apology", 0),
    ]


def _two_workers(line: Server, floor: Server, calls: Crowd, effort: Effort) -> list[Figure]:
    ours, theirs = in_turn(
        effort.rounds,
        lambda: Load(line, calls, 64).run(effort.seconds),
        lambda: Load(floor, _idle(), 64).run(effort.seconds),
    )
    bad = sum(m.bad for m in ours)
    tail = median(m.p99 / m.p50 for m in ours)
    behind = (
        f"{_rates(ours)} a second, p50 {_of(ours, 'p50')}, p99 {_of(ours, 'p99')} ms; floor "
        f"{_rates(theirs)}, {_of(theirs, 'p50')}, {_of(theirs, 'p99')}"
    )
    counted = f"of {sum(m.answers for m in ours)} answers (an apology counts as bad)"
    return [
        Figure("turns", "6 bad answers, 2 workers, 64 connections", bad, "", counted, 0, 0),
        Figure("turns", "6 the same, p99 / p50", tail, "x", behind, 2.5, 2),
    ]


def _memory(line: Server, floor: Server) -> Figure:
    ours, theirs = (sum(map(pss_mebibytes, family(server.pid))) for server in (line, floor))
    behind = f"{ours:.0f} against {theirs:.0f} MiB (PSS of gunicorn and its worker)"
    return Figure("turns", "16 memory of a loaded worker", ours / theirs, "x", behind, 2.0, 1.5)


def _rates(found: list[Measured]) -> str:
    return f"{median(m.rate for m in found):.0f} ({spread((m.rate for m in found), 0)})"


def _of(found: list[Measured], name: str) -> str:
    return f"{median(getattr(m, name) for m in found):.3g}"
