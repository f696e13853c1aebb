"""The doorbell wakes a worker, and never keeps a caller waiting."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer

from hotline.doorbell import QUEUES, Doorbell


def waiting(url: str, queue: str) -> list[bytes]:
    with redis.Redis.from_url(url) as server:
        return server.lrange(f"rq:queue:{queue}", 0, -1)


@pytest.mark.parametrize("queue", QUEUES)
def test_a_ring_is_one_sweep_of_its_queue(empty_redis: str, queue: str) -> None:
    Doorbell(empty_redis).ring(queue)
    with redis.Redis.from_url(empty_redis) as server:
        (job,) = Queue(queue, connection=server, serializer=JSONSerializer).jobs
        assert job.func_name == f"workers.sweeps.{queue}"
        assert (job.args, job.kwargs, job.result_ttl) == ([], {}, 0)


def test_ten_rings_before_anybody_looks_are_one(empty_redis: str) -> None:
    doorbell = Doorbell(empty_redis)
    for _ in range(10):
        doorbell.ring("alerts")
    assert len(waiting(empty_redis, "alerts")) == 1
    assert waiting(empty_redis, "chores") == []


def test_once_somebody_looked_the_next_ring_counts_again(
    empty_redis: str,
) -> None:
    doorbell = Doorbell(empty_redis)
    doorbell.ring("alerts")
    with redis.Redis.from_url(empty_redis) as server:
        server.lpop("rq:queue:alerts")
    doorbell.ring("alerts")
    assert len(waiting(empty_redis, "alerts")) == 1


def test_a_ring_carries_nothing_about_anybody(empty_redis: str) -> None:
    Doorbell(empty_redis).ring("replies")
    with redis.Redis.from_url(empty_redis) as server:
        (job,) = Queue("replies", connection=server, serializer=JSONSerializer).jobs
        assert job.description == "workers.sweeps.replies()"
        assert job.meta == {}


def test_without_redis_it_stays_silent_and_fast(tmp_path: Path) -> None:
    doorbell = Doorbell(f"unix://{tmp_path}/nobody.sock")
    began = time.monotonic()
    for _ in range(100):
        doorbell.ring("alerts")
    assert time.monotonic() - began < 1.0


def test_a_redis_that_accepts_and_never_answers_costs_a_fifth_of_a_second(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf.sock"))
        deaf.listen()
        doorbell = Doorbell(f"unix://{tmp_path}/deaf.sock")
        began = time.monotonic()
        for _ in range(100):
            doorbell.ring("alerts")
        assert time.monotonic() - began < 1.0


def test_it_rings_again_after_redis_came_back(empty_redis: str, tmp_path: Path) -> None:
    link = tmp_path / "redis.sock"
    doorbell = Doorbell(f"unix://{link}")
    doorbell.ring("alerts")
    link.symlink_to(empty_redis.removeprefix("unix://"))
    deadline = time.monotonic() + 5
    while not waiting(empty_redis, "alerts"):
        assert time.monotonic() < deadline, "the doorbell stayed silent"
        doorbell.ring("alerts")
        time.sleep(0.05)
    assert len(waiting(empty_redis, "alerts")) == 1


def test_no_address_means_no_bell() -> None:
    doorbell = Doorbell(None)
    doorbell.ring("alerts")
    assert doorbell._redis is None


def test_who_got_ready_imports_nothing_at_the_first_ring(empty_redis: str) -> None:
    code = (
        "import sys\n"
        "from hotline.doorbell import Doorbell, get_ready_to_ring\n"
        "assert not {'redis', 'rq'} & set(sys.modules), 'loaded before it was needed'\n"
        "get_ready_to_ring()\n"
        "before = set(sys.modules)\n"
        "Doorbell(sys.argv[1]).ring('alerts')\n"
        "late = {name for name in set(sys.modules) - before if name.startswith(('rq', 'redis'))}\n"
        "assert not late, late\n"
    )
    subprocess.run([sys.executable, "-c", code, empty_redis], check=True, timeout=60)
    assert len(waiting(empty_redis, "alerts")) == 1
