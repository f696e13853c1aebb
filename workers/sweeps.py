"""The jobs: each asks the database what is due. None has arguments; each may run twice or never."""

from __future__ import annotations

from hotline import paging, switchboard
from hotline.parts import Hotline
from hotline.replaying import replay
from hotline.storage.heartbeat import SWEEPER, beat
from hotline.storage.outbox_item import QUEUES, release_expired
from workers.current import current
from workers.fetching import fetch_due
from workers.sending import send_due


def alerts() -> None:
    """Pages to staff."""
    send_due(current(), "alerts")


def replies() -> None:
    """Answers to callers' texts."""
    send_due(current(), "replies")


def broadcasts() -> None:
    """Messages to many."""
    send_due(current(), "broadcasts")


def chores() -> None:
    """Ladders and voice messages."""
    hotline = current()
    if paging.raise_overdue(hotline):
        send_due(hotline, "alerts")
    fetch_due(hotline)


def sweep(hotline: Hotline) -> None:
    """Everything that is due, whether or not anybody rang: what a lost Redis costs is one of these.

    Pages go first, so that nothing else delays them.
    """
    now = hotline.now()
    with hotline.transaction() as tx:
        beat(tx, SWEEPER, now)
        release_expired(tx, now)
    replay(hotline)
    paging.raise_overdue(hotline)
    for queue in QUEUES:
        send_due(hotline, queue)
    switchboard.end_silent_calls(hotline)
    fetch_due(hotline)
