"""Answers the doorbell: a long-lived RQ worker that never forks."""

from __future__ import annotations

import time
from collections.abc import Sequence

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

_PAUSE = 2.0

log = structlog.get_logger()


def answer_rings(url: str, queues: Sequence[str]) -> None:
    """Work on these queues, the first one first, until told to stop. Redis may come and go."""
    while True:
        try:
            with redis.Redis.from_url(url) as server:
                lines = [Queue(q, connection=server, serializer=JSONSerializer) for q in queues]
                worker = SimpleWorker(lines, connection=server, serializer=JSONSerializer)
                worker.log_job_description = False
                worker.work(logging_level="WARNING")
            return
        except redis.RedisError as error:
            log.warning("redis_away", error=type(error).__name__)
            time.sleep(_PAUSE)
