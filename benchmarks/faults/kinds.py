"""The kinds of faults: what each does to the line, and how it is mended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from benchmarks.faults.excuses import NOT_KEPT, WEB_AWAY
from benchmarks.faults.locking import hold_database
from benchmarks.faults.machinery import REDIS, WEB, WORKERS
from benchmarks.faults.stage import Stage
from simulator.faults import Fault

Mend = Callable[[], None]
_FORKING = 2.0  # seconds until gunicorn has put another worker where one died
_ROOM = 48 * 1024  # a file of the spool fits, the database does not


@dataclass(frozen=True, slots=True)
class Kind:
    """`holds`: what no other fault touches meanwhile. `seconds`: for how long, at random."""

    name: str
    often: int
    holds: str
    seconds: tuple[float, float]
    strike: Callable[[Stage], Mend]


# ---------------------------------------------------------------- programs that die


def _kill_web_worker(stage: Stage) -> Mend:
    excuse = stage.excuses.begin(WEB_AWAY)
    children = stage.machinery.children(WEB)
    if children:
        with suppress(ProcessLookupError):
            os.kill(stage.chance.choice(children), signal.SIGKILL)
    return partial(stage.excuses.end, excuse, _FORKING)


def _kill_web(stage: Stage) -> Mend:
    excuse = stage.excuses.begin(WEB_AWAY)
    stage.machinery.kill(WEB)
    return lambda: _bring_web_back(stage, lambda: stage.excuses.end(excuse, _FORKING))


def _kill_head_of_web(stage: Stage) -> Mend:
    excuse = stage.excuses.begin(WEB_AWAY)
    stage.machinery.kill_head(WEB)
    return lambda: _bring_web_back(stage, lambda: stage.excuses.end(excuse, _FORKING))


def _bring_web_back(stage: Stage, then: Mend) -> None:
    stage.machinery.start(WEB)
    stage.machinery.wait_for_web()
    then()


def _kill(names: tuple[str, ...], stage: Stage) -> Mend:
    chosen = names if len(names) == 1 else stage.chance.choice(((names[0],), (names[1],), names))
    for name in chosen:
        stage.machinery.kill(name)
    return lambda: stage.machinery.start(*chosen)


# ---------------------------------------------------------------- programs that stand still


def _freeze(names: tuple[str, ...], what: str | None, stage: Stage) -> Mend:
    excuse = stage.excuses.begin(what) if what else None
    found = [
        pids for name in names if (pids := stage.machinery.children(name) or _own(stage, name))
    ]
    pids = stage.chance.choice(found) if found else []
    chosen = [stage.chance.choice(pids)] if pids else []
    stage.machinery.signal(chosen, signal.SIGSTOP)

    def thaw() -> None:
        stage.machinery.signal(chosen, signal.SIGCONT)
        if excuse is not None:
            stage.excuses.end(excuse, _FORKING)

    return thaw


def _own(stage: Stage, name: str) -> list[int]:
    return stage.machinery.pids(name)[:1]


# ---------------------------------------------------------------- the disk, the clock


def _fill_disk(size: int, stage: Stage) -> Mend:
    excuse = stage.excuses.begin(NOT_KEPT) if size == 0 else None
    stage.machinery.let_files_grow_to(size)

    def empty() -> None:
        stage.machinery.let_files_grow_to(None)
        if excuse is not None:
            stage.excuses.end(excuse, 1.0)

    return empty


def _move_clock(least: int, most: int, stage: Stage) -> Mend:
    stage.clock.move(stage.chance.randint(least, most))
    return _nothing


def _nothing() -> None:
    """Nothing to mend."""


# ---------------------------------------------------------------- the carrier


def _arm(
    kind: str,
    places: tuple[str, ...],
    times: int,
    stage: Stage,
    *,
    seconds: float = 1.0,
    codes: tuple[str, ...] = ("",),
) -> Mend:
    """As often as told, and never after its time is over."""
    fault = stage.company.arm(
        kind,
        place=stage.chance.choice(places),
        times=stage.chance.randint(1, times),
        seconds=stage.chance.uniform(0.2, seconds),
        code=stage.chance.choice(codes),
    )
    return partial(_disarm, stage, fault)


def _cut_without_receipts(stage: Stage) -> Mend:
    """Taken and cut, and the receipt that would tell is lost: only asking would, later."""
    armed = [
        stage.company.arm("cut", place="messages", times=3),
        stage.company.arm("lose", place="receipt", times=None),
    ]

    def mend() -> None:
        for fault in armed:
            _disarm(stage, fault)

    return mend


def _disarm(stage: Stage, fault: Fault) -> None:
    stage.company.exchange.faults.disarm(fault.number)


def _switch_off_a_phone(numbers: tuple[str, ...], stage: Stage) -> Mend:
    phone = stage.company.phone(stage.chance.choice(numbers))
    phone.switch_off()
    return phone.switch_on


# ---------------------------------------------------------------- the database


def _lock_database(stage: Stage) -> Mend:
    return hold_database(stage.database_url)


def _stop_postgresql(stage: Stage) -> Mend:
    server = stage.machinery.postgresql
    assert server is not None
    server.stop_at_once()

    def start() -> None:
        server.start()
        server.wait()

    return start


def _kill_connection(stage: Stage) -> Mend:
    server = stage.machinery.postgresql
    assert server is not None
    server.kill_a_connection()
    return server.wait


_WEBHOOKS = ("call", "call status", "text", "receipt", "recording")
_API = ("messages", "messages", "calls")
_STAFF = ("+85510111001", "+85510111002")

EVERYWHERE: tuple[Kind, ...] = (
    Kind("a web worker killed", 8, WEB, (0.0, 0.2), _kill_web_worker),
    Kind("the web killed", 4, WEB, (0.0, 1.0), _kill_web),
    Kind("the head of the web killed", 2, WEB, (0.0, 0.5), _kill_head_of_web),
    Kind("workers killed", 10, "workers", (0.0, 2.5), partial(_kill, WORKERS)),
    Kind("Redis killed", 6, REDIS, (0.0, 2.0), partial(_kill, (REDIS,))),
    Kind("Redis frozen", 3, REDIS, (0.3, 2.0), partial(_freeze, (REDIS,), None)),
    Kind("a web worker frozen", 4, WEB, (0.3, 2.5), partial(_freeze, (WEB,), WEB_AWAY)),
    Kind("a worker frozen", 4, "workers", (0.3, 3.0), partial(_freeze, WORKERS, None)),
    Kind("the disk full", 4, "disk", (0.3, 2.0), partial(_fill_disk, 0)),
    Kind("the disk full but for the spool", 4, "disk", (0.3, 2.0), partial(_fill_disk, _ROOM)),
    Kind("the clock forward", 3, "clock", (0.0, 0.0), partial(_move_clock, 20, 90)),
    Kind("the clock back", 3, "clock", (0.0, 0.0), partial(_move_clock, -4, -1)),
    Kind("API: refused", 3, "api", (0.5, 2.0), partial(_arm, "refuse", _API, 3)),
    Kind("API: 429", 4, "api", (0.5, 2.0), partial(_arm, "rate_limit", _API, 8)),
    Kind("API: 500", 4, "api", (0.5, 2.0), partial(_arm, "server_error", _API, 8)),
    Kind("API: taken, then cut", 6, "api", (0.5, 2.5), partial(_arm, "cut", _API, 4)),
    Kind("API: taken, then cut, no receipts", 5, "api", (1.0, 3.0), _cut_without_receipts),
    Kind("API: slow", 3, "api", (0.5, 3.0), partial(_arm, "slow", _API, 4, seconds=2.5)),
    Kind("a webhook lost", 6, "", (0.2, 1.5), partial(_arm, "lose", _WEBHOOKS, 3)),
    Kind("a webhook doubled", 6, "", (0.2, 1.5), partial(_arm, "duplicate", _WEBHOOKS, 4)),
    Kind("a webhook late", 4, "", (0.2, 1.5), partial(_arm, "stall", _WEBHOOKS, 4, seconds=1.5)),
    Kind("receipts out of order", 3, "", (0.5, 2.0), partial(_arm, "reorder", ("receipt",), 4)),
    Kind("a text undelivered", 4, "", (0.5, 2.0), partial(_arm, "receipt", ("messages",), 3)),
    Kind("a receipt that never comes", 3, "", (0.5, 2.0), partial(_arm, "no_receipt", _API, 3)),
    Kind("a staff phone off", 3, "phone", (0.5, 3.0), partial(_switch_off_a_phone, _STAFF)),
    Kind("the database locked", 6, "database", (0.3, 4.0), _lock_database),
)
ON_POSTGRESQL: tuple[Kind, ...] = (
    Kind("PostgreSQL stopped", 8, "database", (0.0, 2.0), _stop_postgresql),
    Kind("a connection of PostgreSQL killed", 5, "database", (0.0, 0.5), _kill_connection),
)


def kinds_for(url: str) -> tuple[Kind, ...]:
    return EVERYWHERE if url.startswith("sqlite") else EVERYWHERE + ON_POSTGRESQL
