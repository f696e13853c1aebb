"""The jobs: each asks the database what is due. None has arguments; each may run twice or never."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from hotline import (
    calling_back,
    carrier_copies,
    chain_watch,
    checking,
    digests,
    following_up,
    ladder,
    morning_word,
    rehearsing,
    retention,
    ringing_back,
    rota_watch,
    switchboard,
)
from hotline.parts import Hotline
from hotline.replaying import replay
from hotline.storage.database import DatabaseAway
from hotline.storage.heartbeat import SWEEPER, beat
from hotline.storage.outbox_item import QUEUES, release_expired
from workers.aside import Aside
from workers.current import current
from workers.exporting import exporter, look_for_exports
from workers.fetching import fetch_due
from workers.polling import ask_after_late
from workers.sending import send_due

log = structlog.get_logger()


def alerts() -> None:
    """Pages to staff."""
    send_due(current(), "alerts")


def calls() -> None:
    """Calls to callers: callbacks, missed calls that are rung back."""
    send_due(current(), "calls")


def replies() -> None:
    """Answers to callers' texts."""
    send_due(current(), "replies")


def broadcasts() -> None:
    """Messages to many."""
    send_due(current(), "broadcasts")


def chores() -> None:
    """Ladders and voice messages."""
    hotline = current()
    if ladder.raise_overdue(hotline) + following_up.raise_overdue(hotline):
        send_due(hotline, "alerts")
    fetch_due(hotline)


def exports() -> None:
    """Tables of cases without a person."""
    exporter.begin(current())


def sweep(hotline: Hotline) -> None:
    """Everything that is due, whether or not anybody rang: what a lost Redis costs is one of these.

    Pages go first, so that nothing else delays them. A step that fails costs itself alone.
    """
    now = hotline.now()
    with hotline.transaction() as tx:
        beat(tx, SWEEPER, now)
        release_expired(tx, now)
    for step in _STEPS:
        try:
            step(hotline)
        except DatabaseAway:
            raise
        except Exception:  # the next sweep tries it again
            log.critical("step_of_sweep_failed", step=step.__name__, exc_info=True)


def _send_alerts(hotline: Hotline) -> None:
    send_due(hotline, "alerts")


def _send_the_rest(hotline: Hotline) -> None:
    for queue in QUEUES[1:]:
        send_due(hotline, queue)


def _still_here(hotline: Hotline) -> None:
    """Sending may take long when a carrier is slow, and that is no reason to raise an alarm."""
    with hotline.transaction() as tx:
        beat(tx, SWEEPER, hotline.now())


chain_looker = Aside(chain_watch.look_if_due)
forgetter = Aside(retention.keep_tidy)

ASIDE = (exporter, chain_looker, forgetter)
"""What may take minutes with years of cases: a sweep only asks whether it is due."""


def _look_over_chain(hotline: Hotline) -> None:
    if chain_watch.is_due(hotline):
        chain_looker.begin(hotline)


def _keep_tidy(hotline: Hotline) -> None:
    if retention.is_due(hotline):
        forgetter.begin(hotline)


_STEPS: tuple[Callable[[Hotline], object], ...] = (
    replay,
    ladder.raise_overdue,
    following_up.raise_overdue,
    digests.send_due_digests,
    rota_watch.watch_rota,
    _send_alerts,
    _send_the_rest,
    _still_here,
    ringing_back.tell_of_lost,
    switchboard.end_silent_calls,
    calling_back.close_stale,
    ask_after_late,
    fetch_due,
    rota_watch.make_ahead,
    checking.check_if_due,
    morning_word.send_if_due,
    _look_over_chain,
    rehearsing.go_on,
    rehearsing.rehearse_if_due,
    look_for_exports,
    carrier_copies.clear,
    _keep_tidy,
)
