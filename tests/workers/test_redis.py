"""Real worker processes, a real Redis; which is stopped, and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline import errands
from hotline.core.delivery import LEASE
from launcher.embedded_redis import answers, plan_redis
from launcher.program import start, stop
from simulator.phones import PhoneCompany
from tests.stories.line import TOKEN
from tests.workers.conftest import Office

PATIENCE = 30.0


def wait_until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.05)


class Redis:
    """A server that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.plan = plan_redis(folder, os.environ, folder / "redis.log")
        self.start()

    def start(self) -> None:
        self.process = start(self.plan.program)
        wait_until(lambda: answers(self.plan.socket), "Redis")

    def stop(self) -> None:
        stop(self.process, 5)


@pytest.fixture
def redis() -> Iterator[Redis]:
    folder = Path(tempfile.mkdtemp(prefix="hotline-redis-"))
    server = Redis(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def worker(office: Office, company: PhoneCompany, redis: Redis, sweep_seconds: str) -> Iterator:
    settings = office.hotline.settings
    environment = {
        **os.environ,
        "HOTLINE_CARRIER": "simulator",
        "HOTLINE_NUMBER": settings.number,
        "HOTLINE_DATA": str(settings.data),
        "HOTLINE_KEYS": str(settings.keys),
        "HOTLINE_ALLOW_SCRATCH": "1",
        "HOTLINE_SECRET_KEY": "s" * 32,
        "HOTLINE_SWEEP_SECONDS": sweep_seconds,
        "PUBLIC_BASE_URL": company.api_url,
        "DATABASE_URL": office.hotline.database.url,
        "REDIS_URL": redis.plan.url,
        "SIMULATOR_ACCOUNT_SID": "AC" + "0" * 32,
        "SIMULATOR_AUTH_TOKEN": TOKEN,
        "SIMULATOR_API_URL": company.api_url,
    }
    process = subprocess.Popen([sys.executable, "-m", "workers"], env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def pages(company: PhoneCompany) -> int:
    return len(company.phone("+85510111001").inbox)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_redis_is_stopped_and_started_and_no_page_is_lost_or_doubled(
    office: Office, redis: Redis
) -> None:
    from hotline.doorbell import Doorbell

    company = PhoneCompany(webhooks="http://127.0.0.1:9", auth_token=TOKEN).open()
    bell = Doorbell(redis.plan.url)
    office.time.at = company.clock.now()
    try:
        with worker(office, company, redis, "1"):
            office.open_case()
            bell.ring("alerts")
            wait_until(lambda: pages(company) == 1, "the page that was rung for")
            redis.stop()
            office.open_case()
            bell.ring("alerts")  # nobody hears it
            wait_until(lambda: pages(company) == 2, "the page found by the sweep alone")
            redis.start()
            office.open_case()
            wait_until(lambda: pages(company) == 3, "a page after Redis came back")
    finally:
        company.close()
    assert pages(company) == 3


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_a_killed_worker_held_is_sent_by_the_next_once_its_lease_is_over(
    office: Office, redis: Redis
) -> None:
    company = PhoneCompany(webhooks="http://127.0.0.1:9", auth_token=TOKEN).open()
    office.time.at = company.clock.now() - LEASE + timedelta(seconds=2)
    office.open_case()
    assert len(errands.claim_due(office.hotline, "alerts", "killed")) == 1
    redis.stop()  # nobody rings, either
    try:
        with worker(office, company, redis, "1"):
            wait_until(lambda: pages(company) == 1, "the page of the killed worker")
    finally:
        company.close()
    assert pages(company) == 1
