"""Ring a worker: look at this queue now. A ring that is lost costs one sweep, nothing more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import structlog

if TYPE_CHECKING:
    from redis import Redis

Queue = Literal["alerts", "calls", "replies", "broadcasts", "chores", "exports"]
QUEUES: tuple[Queue, ...] = ("alerts", "calls", "replies", "broadcasts", "chores", "exports")

_PATIENCE = 0.2  # seconds: a caller is waiting
_REST = 2.0  # seconds without trying, after Redis kept us waiting
_STALE = 60  # seconds until a ring nobody answered is forgotten

log = structlog.get_logger()


class Doorbell:
    """`url` of a Redis or Valkey server; None: nobody rings, the sweeps find the work."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._redis: Redis | None = None
        self._quiet_until = 0.0

    def ring(self, queue: Queue) -> None:
        """After the commit, never inside it. Never raises; waits at most a fifth of a second."""
        if self._url is None or time.monotonic() < self._quiet_until:
            return
        try:
            self._ring(self._connection(self._url), queue)
        except Exception as error:
            self._quiet_until = time.monotonic() + _REST
            log.warning("doorbell_silent", queue=queue, error=type(error).__name__)

    def _connection(self, url: str) -> Redis:
        if self._redis is None:
            from redis import Redis  # heavy, see get_ready_to_ring

            self._redis = Redis.from_url(
                url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
            )
        return self._redis

    def _ring(self, server: Redis, queue: Queue) -> None:
        # A ring still in the queue was not looked at yet: its sweep will see our row as well.
        if server.llen(f"rq:queue:{queue}"):
            return
        from rq import Queue as Line  # heavy, see get_ready_to_ring
        from rq.serializers import JSONSerializer

        line = Line(queue, connection=server, serializer=JSONSerializer)
        line.enqueue(f"workers.sweeps.{queue}", result_ttl=0, ttl=_STALE, failure_ttl=_STALE)


def get_ready_to_ring() -> None:
    """Load what the first ring needs, so that no caller waits for it.

    redis and rq take a third of a second to import: too long in a turn, and not needed to answer.
    """
    import redis  # noqa: F401
    import rq.serializers  # noqa: F401
