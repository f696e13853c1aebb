"""The embedded server: on a private socket, with nothing lost by a kill."""

from __future__ import annotations

import os
import time
from pathlib import Path

import redis

from launcher.embedded_redis import EmbeddedRedis, answers, plan_redis, stop_stale
from launcher.ports import is_free, number_of, open_door
from launcher.program import start, stop


def wait_for(planned: EmbeddedRedis) -> None:
    deadline = time.monotonic() + 10
    while not answers(planned.socket):
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.02)


def test_it_answers_on_a_private_socket_and_refuses_to_forget(tmp_path: Path) -> None:
    planned = plan_redis(tmp_path, os.environ, tmp_path / "log")
    process = start(planned.program)
    try:
        wait_for(planned)
        assert planned.socket.stat().st_mode & 0o777 == 0o700
        with redis.Redis.from_url(planned.url) as server:
            found = {
                name: server.config_get(name)[name]
                for name in ("appendonly", "appendfsync", "maxmemory-policy", "port")
            }
    finally:
        stop(process, 5)
    assert found == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
    }


def test_what_was_written_a_second_ago_survives_a_kill(tmp_path: Path) -> None:
    planned = plan_redis(tmp_path, os.environ, tmp_path / "log")
    process = start(planned.program)
    wait_for(planned)
    with redis.Redis.from_url(planned.url) as server:
        server.rpush("jobs", *range(100))
        server.execute_command("WAITAOF", 1, 0, 5000)
    process.kill()
    process.wait()
    again = start(planned.program)
    try:
        wait_for(planned)
        with redis.Redis.from_url(planned.url) as server:
            assert server.llen("jobs") == 100
    finally:
        stop(again, 5)


def test_one_that_outlived_its_launcher_is_asked_to_go(tmp_path: Path) -> None:
    planned = plan_redis(tmp_path, os.environ, tmp_path / "log")
    assert stop_stale(planned.socket) is False
    process = start(planned.program)
    wait_for(planned)
    assert stop_stale(planned.socket) is True
    assert process.wait(5) == 0
    assert not answers(planned.socket)


def test_a_long_path_gets_a_short_private_socket_found_again(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    planned = plan_redis(deep, os.environ, None)
    assert len(str(planned.socket)) <= 100
    assert planned.socket.parent.stat().st_mode & 0o777 == 0o700
    assert plan_redis(deep, os.environ, None).socket == planned.socket
    planned.socket.parent.rmdir()


def test_a_taken_port_is_left_to_its_owner() -> None:
    with open_door(0) as owner, open_door(number_of(owner)) as other:
        assert not is_free(number_of(owner))
        assert number_of(other) != number_of(owner)
