"""Is the process alive, is the line ready, and what has it been doing. Meant for loopback.

`/readyz` and `/metrics` tell nobody's data, but how busy a hotline is should not be public either:
docs/carriers.md says which addresses a proxy lets through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from flask import Blueprint, Response, jsonify

from hotline import directory
from hotline.core.breaker import DIRECTIONS
from hotline.parts import Hotline
from hotline.storage import carrier_health, case, outbox_item
from hotline.storage.database import Transaction
from hotline.storage.pulse import pulse
from hotline.storage.rehearsal import KIND as REHEARSAL
from hotline.web.metrics import counters_in, write_metrics
from hotline.web.watch_figures import WatchFigures, watch_figures

LONGEST_DUE_SECONDS = 60.0  # an outbox item waiting longer than this means nobody is sending
SWEEPS_MISSED = 4

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the database tells at one moment; ages in seconds, None: nothing due, never seen."""

    is_at_head: bool
    oldest_due: float | None
    sweeper_age: float | None
    outbox: dict[tuple[str, str], int] = field(default_factory=dict)
    open_cases: dict[str, int] = field(default_factory=dict)
    watch: WatchFigures = field(default_factory=WatchFigures)
    passed_over: dict[carrier_health.Direction, bool] = field(default_factory=dict)
    polls: dict[carrier_health.Direction, int] = field(default_factory=dict)
    services_checked: bool = True  # no list, no launch; a list that is late stops no line


def health_blueprint(hotline: Hotline) -> Blueprint:
    """`/healthz`, `/readyz`, `/metrics`."""
    blueprint = Blueprint("health", __name__)
    newest = _Newest()

    @blueprint.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        pulse = _feel(hotline, newest)
        wrong = _what_is_wrong(pulse, hotline.settings.sweep_seconds) + _what_waits(hotline)
        told = {
            "ready": not wrong,
            "wrong": wrong,
            "oldest_due_seconds": pulse.oldest_due if pulse else None,
            "sweeper_age_seconds": pulse.sweeper_age if pulse else None,
            "findings": dict(pulse.watch.findings) if pulse else {},
            "services_checked": pulse.services_checked if pulse else None,
        }
        return jsonify(told), 503 if wrong else 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        totals = counters_in(hotline.settings.data).totals()
        document = write_metrics(totals, _gauges(_feel(hotline, newest)))
        return Response(document, content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint


class _Newest:
    """The revision this code was written for, read from files once."""

    def __init__(self) -> None:
        self._known: str | None = None

    def is_in(self, tx: Transaction) -> bool:
        # Loaded here: Alembic is only needed by whoever asks for readiness.
        from hotline.storage import schema

        if self._known is None:
            self._known = schema.newest_revision()
        return schema.present_revision(tx) == self._known


def _feel(hotline: Hotline, newest: _Newest) -> Pulse | None:
    """None when the database does not answer."""
    try:
        with hotline.reading() as tx:
            if not newest.is_in(tx):
                return Pulse(is_at_head=False, oldest_due=None, sweeper_age=None)
            now = hotline.now()
            found = pulse(tx, now)
            return Pulse(
                is_at_head=True,
                oldest_due=_age(now, found.due_since),
                sweeper_age=_age(now, found.swept_at),
                outbox=outbox_item.count_by_state(tx),
                open_cases=case.count_open(tx, but=REHEARSAL),
                watch=watch_figures(tx, now),
                passed_over=_passed_over(hotline, tx),
                polls=carrier_health.count_polls(tx),
                services_checked=not directory.lacks_checked_service(hotline, tx),
            )
    except Exception:  # any failure at all means "not ready", and this page must say so
        log.exception("no pulse")
        return None


def _passed_over(hotline: Hotline, tx: Transaction) -> dict[carrier_health.Direction, bool]:
    """Every carrier that is named, each way: whether it is passed over because it fails."""
    known = carrier_health.all_health(tx)
    ways = [(name, direction) for name in hotline.carriers for direction in DIRECTIONS]
    return {way: way in known and known[way].is_open for way in ways}


def _age(now: datetime, then: datetime | None) -> float | None:
    return None if then is None else round(max((now - then).total_seconds(), 0.0), 1)


def _what_is_wrong(pulse: Pulse | None, sweep_seconds: float) -> list[str]:
    """Sentences for whoever is woken up; empty when the line is ready."""
    if pulse is None:
        return ["the database does not answer"]
    if not pulse.is_at_head:
        return ["the database is not at the newest revision: run `flask upgrade-database`"]
    wrong = []
    if pulse.oldest_due is not None and pulse.oldest_due > LONGEST_DUE_SECONDS:
        wrong.append(f"a message has been due for {pulse.oldest_due:.0f} s: nobody is sending")
    for direction in DIRECTIONS:
        ways = [is_open for (_, way), is_open in pulse.passed_over.items() if way == direction]
        if ways and all(ways):
            wrong.append(f"no carrier takes a {direction}: see docs/carriers.md, failing over")
    if pulse.sweeper_age is None:
        wrong.append("no worker has swept yet: start `python -m workers`")
    elif pulse.sweeper_age > max(SWEEPS_MISSED * sweep_seconds, LONGEST_DUE_SECONDS):
        wrong.append(f"no worker has swept for {pulse.sweeper_age:.0f} s")
    return wrong + pulse.watch.wrong


def _what_waits(hotline: Hotline) -> list[str]:
    """What could not be written into the database: it waits on this machine."""
    waiting, set_aside = hotline.spool.count()
    wrong = []
    if waiting:
        wrong.append(f"{waiting} turns or texts wait in the spool: the database was away")
    if set_aside:
        wrong.append(f"{set_aside} files in the spool cannot be read: see docs/operations.md")
    return wrong


def _gauges(pulse: Pulse | None) -> dict[str, dict[str, float]]:
    gauges: dict[str, dict[str, float]] = {"hotline_database_up": {"": float(pulse is not None)}}
    if pulse is None:
        return gauges
    gauges["hotline_outbox_items"] = {
        f'{{audience="{audience}",state="{state}"}}': float(number)
        for (audience, state), number in pulse.outbox.items()
    }
    gauges["hotline_outbox_oldest_due_seconds"] = {"": pulse.oldest_due or 0.0}
    gauges["hotline_open_cases"] = {
        f'{{priority="{priority}"}}': float(number) for priority, number in pulse.open_cases.items()
    }
    gauges["hotline_carrier_passed_over"] = {
        _labels(way): float(is_open) for way, is_open in pulse.passed_over.items()
    }
    gauges["hotline_carrier_polls"] = {_labels(way): float(n) for way, n in pulse.polls.items()}
    gauges |= pulse.watch.gauges()
    gauges["hotline_services_checked"] = {"": float(pulse.services_checked)}
    if pulse.sweeper_age is not None:
        gauges["hotline_sweeper_age_seconds"] = {"": pulse.sweeper_age}
    return gauges


def _labels(way: carrier_health.Direction) -> str:
    carrier, direction = way
    return f'{{carrier="{carrier}",direction="{direction}"}}'
