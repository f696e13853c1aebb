"""A whole hotline in a temporary folder: settings, keys, tables, the demo's staff on duty."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import running
from hotline import demo
from hotline.key_ring import make_key_ring
from hotline.parts import Hotline
from hotline.settings import load_settings
from hotline.storage.schema import upgrade
from hotline.wiring import wire
from launcher.embedded_redis import answers, plan_redis

ROOT = Path(__file__).absolute().parent.parent
TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC" + "0" * 32
BASE = "https://hotline.example.org"
LINE = "+85523900900"


@dataclass(frozen=True, slots=True)
class Installation:
    """`environment` starts any of its programs in `folder`."""

    folder: Path
    environment: Mapping[str, str]
    hotlines: list[Hotline] = field(default_factory=list)

    def hotline(self) -> Hotline:
        """The parts, wired in this process once."""
        if not self.hotlines:
            self.hotlines.append(wire(load_settings(self.environment, env_file=None)))
        return self.hotlines[0]


@contextmanager
def installed(name: str, **settings: str) -> Iterator[Installation]:
    """`settings` replace the usual ones; the folder is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix=f"hotline-bench-{name}-") as path:
        folder = Path(path)
        make_key_ring(folder / "keys")
        installation = Installation(folder, _environment(folder, settings))
        hotline = installation.hotline()
        upgrade(hotline.database)
        with hotline.transaction() as tx:
            demo.seed(hotline, tx)
        yield installation
        hotline.database.close()


@contextmanager
def redis_server(installation: Installation) -> Iterator[None]:
    """The Redis of an installation, at the socket its settings name."""
    redis = plan_redis(installation.folder, clean_environment(), installation.folder / "redis.log")
    with running("redis", redis.program.command, redis.program.environment, installation.folder):
        deadline = time.monotonic() + 10
        while not answers(redis.socket):
            assert time.monotonic() < deadline, "the Redis server does not answer"
            time.sleep(0.02)
        yield


def clean_environment() -> dict[str, str]:
    """Ours without the settings of any real installation; our code is found from any folder."""
    prefixes = ("HOTLINE_", "TWILIO_", "SOMLENG_", "SIMULATOR_")
    others = {"PUBLIC_BASE_URL", "DATABASE_URL", "REDIS_URL"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and name not in others
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}


def _environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    usual = {
        "HOTLINE_CARRIER": "twilio",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "HOTLINE_NUMBER": LINE,
        "HOTLINE_DATA": str(folder),
        "HOTLINE_KEYS": str(folder / "keys"),
        "HOTLINE_ALLOW_SCRATCH": "1",
        "HOTLINE_SECRET_KEY": "for the length of a measurement only",
        "PUBLIC_BASE_URL": BASE,
        "DATABASE_URL": f"sqlite:///{folder}/hotline.db",
        "REDIS_URL": f"unix://{folder}/redis.sock",
    }
    return {**clean_environment(), **usual, **settings}
