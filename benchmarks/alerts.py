"""From the key that opens a case to the page at the carrier: by ring, and by sweep alone."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

from benchmarks.calling import TO_A_CASE, Caller, ask
from benchmarks.figure import Figure
from benchmarks.installation import Installation, clean_environment, installed, redis_server
from benchmarks.load import quantile
from benchmarks.on_call import hand_over_to
from benchmarks.processes import HOST, Server, running, web_server
from benchmarks.rounds import Effort, in_turn
from benchmarks.stub_carrier import StubCarrier
from hotline.core.reachability import LIMITS, SMS
from hotline.staffing import take_on
from hotline.storage.case import cases

_SWEEP_SECONDS = 1.0
_LATEST = 15.0
_TEXTS_A_PERSON = min(limit.most for limit in LIMITS[SMS])


def measure(effort: Effort) -> list[Figure]:
    """Goals 9 and 10."""
    return [*_by_ring(effort), *_by_sweep(max(6, effort.times // 3))]


class _Rota:
    """Enough people on duty in turn that nobody is texted more often than the line allows."""

    def __init__(self, installation: Installation, pages: int) -> None:
        self._hotline = installation.hotline()
        with self._hotline.transaction() as tx:
            self._people = [
                take_on(self._hotline, tx, f"duty {n}", f"+8551011{n:04}", "duty")
                for n in range(5000, 5001 + pages // _TEXTS_A_PERSON)
            ]

    def hand_over(self) -> None:
        """From now on the next person is on call, alone."""
        self._people.append(self._people.pop(0))
        hand_over_to(self._hotline, self._people[:1])


def _by_ring(effort: Effort) -> list[Figure]:
    with StubCarrier() as carrier, _line(carrier, sweep_seconds=15) as (installation, line, stop):
        floor_settings = {
            "FLOOR_CARRIER": str(carrier.port),
            "FLOOR_DATABASE": str(installation.folder / "floor.db"),
        }
        environment = {**clean_environment(), **floor_settings}
        with web_server("floor", "benchmarks.floor:app", environment, installation.folder) as floor:
            rota = _Rota(installation, effort.times + 4)
            for _ in range(4):  # the first of everything is slow: imports, connections
                _page_once(line, carrier, rota)
                _send_inline(floor, carrier)
            ours, theirs = in_turn(
                effort.times,
                lambda: _page_once(line, carrier, rota),
                lambda: _send_inline(floor, carrier),
            )
    return _compared(sorted(ours), sorted(theirs))


def _compared(ours: list[float], theirs: list[float]) -> list[Figure]:
    return [
        _at(0.50, "p50", ours, theirs, 5, 3),
        _at(0.99, f"p99 of {len(ours)}", ours, theirs, 15, 8),
    ]


def _at(
    share: float, name: str, ours: list[float], theirs: list[float], must: float, aim: float
) -> Figure:
    here, floor = quantile(ours, share) * 1000, quantile(theirs, share) * 1000
    what = f"9 key to page at the carrier, {name}"
    behind = f"{here:.1f} against {floor:.1f} ms for a row on disk and a text sent in the request"
    return Figure("alerts", what, here / floor, "x", behind, must, aim)


def _by_sweep(number: int) -> list[Figure]:
    with (
        StubCarrier() as carrier,
        _line(carrier, _SWEEP_SECONDS) as (installation, line, stop_redis),
    ):
        rota = _Rota(installation, number + 1)
        _page_once(line, carrier, rota)  # everything is loaded and connected
        stop_redis()
        before = len(carrier.texts)
        keyed = []
        for _ in range(number):
            rota.hand_over()
            keyed.append(_open_case(line, pause=0.13))
        carrier.wait_for(before + number, _LATEST)
        time.sleep(2.5 * _SWEEP_SECONDS)  # a doubled page would come by now
        refs = _newest_refs(installation, number)
    found = Counter(ref for text in carrier.texts for ref in refs if ref in text.body)
    first = {ref: t.at for t in reversed(carrier.texts) for ref in refs if ref in t.body}
    waits = sorted(first[ref] - at for ref, at in zip(refs, keyed, strict=True) if ref in first)
    lost, doubled = number - len(found), sum(found.values()) - len(found)
    longest = waits[-1] / _SWEEP_SECONDS if waits else float("inf")
    behind = (
        f"{number} cases with Redis stopped, swept every {_SWEEP_SECONDS:g} s: p50 "
        f"{quantile(waits, 0.5):.2f}, longest {waits[-1]:.2f} s"
    )
    name = "10 without Redis:"
    return [
        Figure("alerts", f"{name} the longest wait", longest, "sweeps", behind, 2, None),
        Figure("alerts", f"{name} pages lost", lost, "", f"of {number}", 0, None),
        Figure("alerts", f"{name} pages doubled", doubled, "", f"of {number}", 0, None),
    ]


@contextmanager
def _line(
    carrier: StubCarrier, sweep_seconds: float
) -> Iterator[tuple[Installation, Server, Callable[[], None]]]:
    """A whole line with a worker and Redis, and how to stop that Redis."""
    settings = {
        "TWILIO_API_URL": f"http://{HOST}:{carrier.port}",
        "HOTLINE_SWEEP_SECONDS": str(sweep_seconds),
    }
    with installed("alerts", **settings) as installation, ExitStack() as redis:
        redis.enter_context(redis_server(installation))
        worker = (sys.executable, "-m", "workers")
        folder, environment = installation.folder, installation.environment
        with (
            running("workers", worker, environment, folder),
            web_server("line", "wsgi:app", environment, folder) as line,
        ):
            yield installation, line, redis.close


def _open_case(line: Server, pause: float = 0) -> float:
    """One new call up to the key that opens the case; when that key was sent."""
    time.sleep(pause)
    caller = Caller(TO_A_CASE)
    wire = HTTPConnection(HOST, line.port, timeout=10)
    wire.connect()
    caller.took(ask(wire, caller.ring())[1])
    for _ in TO_A_CASE:
        request = caller.request()
        began = time.perf_counter()
        status, body = ask(wire, request)
        assert caller.heard(status, body), body[:300]
    wire.close()
    return began


def _page_once(line: Server, carrier: StubCarrier, rota: _Rota) -> float:
    rota.hand_over()
    before = len(carrier.texts)
    began = _open_case(line)
    assert carrier.wait_for(before + 1, _LATEST), "no page came"
    return carrier.texts[before].at - began


def _send_inline(floor: Server, carrier: StubCarrier) -> float:
    before = len(carrier.texts)
    wire = HTTPConnection(HOST, floor.port, timeout=10)
    wire.connect()
    request = Caller(path="/inline").request()
    began = time.perf_counter()
    assert ask(wire, request)[0] == 200
    assert carrier.wait_for(before + 1, _LATEST), "nothing was sent"
    wire.close()
    return carrier.texts[before].at - began


def _newest_refs(installation: Installation, number: int) -> list[str]:
    """The references of the newest cases, oldest first: in the order of their calls."""
    with installation.hotline().reading() as tx:
        newest = cases.select().order_by(cases.c.id.desc()).limit(number)
        return [row.ref for row in tx.execute(newest)][::-1]
