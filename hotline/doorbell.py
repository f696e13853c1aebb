"""Ring a worker: look at this queue now. A ring that is lost costs one sweep, nothing more."""

from __future__ import annotations

import threading
import time
from typing import Literal

import redis
import structlog

Queue = Literal["alerts", "replies", "broadcasts", "chores"]
QUEUES: tuple[Queue, ...] = ("alerts", "replies", "broadcasts", "chores")

_PATIENCE = 0.2  # seconds: a caller is waiting
_REST = 2.0  # seconds without trying, after Redis kept us waiting
_STALE = 60  # seconds until a ring nobody answered is forgotten

log = structlog.get_logger()


class Doorbell:
    """`url` of a Redis or Valkey server; None: nobody rings, the sweeps find the work."""

    def __init__(self, url: str | None) -> None:
        self._redis = (
            redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
            if url
            else None
        )
        self._quiet_until = 0.0
        self._preparing = threading.Lock()
        self._prepared = False

    def ring(self, queue: Queue) -> None:
        """After the commit, never inside it. Never raises; waits at most a fifth of a second."""
        if self._redis is None or time.monotonic() < self._quiet_until:
            return
        try:
            self._ring(self._redis, queue)
        except Exception as error:
            self._quiet_until = time.monotonic() + _REST
            log.warning("doorbell_silent", queue=queue, error=type(error).__name__)

    def prepare(self) -> None:
        """Load what ringing needs, before the first caller pays for it. Never raises."""
        with self._preparing:
            if not self._prepared:
                # rq takes a fifth of a second to import: not at the start, not in a turn.
                import rq.serializers  # noqa: F401

                self._prepared = True

    def _ring(self, server: redis.Redis, queue: Queue) -> None:
        # A ring still in the queue was not looked at yet: its sweep will see our row as well.
        if server.llen(f"rq:queue:{queue}"):
            return
        from rq import Queue as Line  # heavy, see prepare()
        from rq.serializers import JSONSerializer

        line = Line(queue, connection=server, serializer=JSONSerializer)
        line.enqueue(f"workers.sweeps.{queue}", result_ttl=0, ttl=_STALE, failure_ttl=_STALE)
