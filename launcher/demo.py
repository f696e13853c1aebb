"""`demo`: the whole hotline on one machine with made-up keys, and a phone company on the desk."""

from __future__ import annotations

from pathlib import Path
from socket import socket

from launcher import programs
from launcher.data_folder import DataFolder, DemoSecrets
from launcher.embedded_redis import plan_redis, stop_stale
from launcher.leftovers import Leftovers
from launcher.ports import HOST, number_of, open_door
from launcher.preparing import run_flask, wait_for_redis, wait_until_ready
from launcher.supervisor import Supervisor
from launcher.watching import Say, watch

LINE = "+85523900900"
MISSED_CALLS = "+85523900901"
_WEB_PORT = 8000
_PHONES_PORT = 8100
_PATIENCE = 90.0


def run_demo(folder: DataFolder, environment: dict[str, str], say: Say) -> None:
    """Start everything, print one address, stay until told to stop."""
    folder.take()
    leftovers = Leftovers(folder.path / "processes.json")
    if leftovers.stop_all():
        say("ended what an earlier start had left behind")
    supervisor = Supervisor(leftovers, say)
    try:
        with open_door(_WEB_PORT) as web, open_door(_PHONES_PORT) as phones:
            _start(folder, environment, supervisor, web, phones, say)
            watch(supervisor)
    finally:
        supervisor.stop_all()
        folder.leave()


def _start(
    folder: DataFolder,
    environment: dict[str, str],
    supervisor: Supervisor,
    web: socket,
    phones: socket,
    say: Say,
) -> None:
    web_port, phones_port = number_of(web), number_of(phones)
    secrets = folder.demo_secrets()
    settings = demo_settings(folder.path, secrets, web_port, phones_port, environment)
    logs = folder.path / "logs"
    if "REDIS_URL" not in environment:
        redis = plan_redis(folder.path, environment, logs / "redis.log")
        stop_stale(redis.socket)
        supervisor.add(redis.program)
        settings["REDIS_URL"] = redis.url
        wait_for_redis(redis.socket, supervisor.look_after)
    _write_settings(folder.path / "demo.env", settings)
    has_keys = Path(settings["HOTLINE_KEYS"]).exists()
    run_flask(settings, "upgrade-database", *(() if has_keys else ("make-keys",)))
    supervisor.add(programs.web(web, 1, settings, logs / "web.log"))
    supervisor.add(programs.workers(settings, logs / "workers.log"))
    sign_in = run_flask(settings, "seed-demo")
    options = _phone_company(folder.path, secrets, web_port)
    supervisor.add(programs.simulator(phones, options, settings, logs / "simulator.log"))
    wait_until_ready(HOST, web_port, "/readyz", _PATIENCE, supervisor.look_after)
    wait_until_ready(HOST, phones_port, "/", _PATIENCE, supervisor.look_after)
    page = f"http://{HOST}:{phones_port}/"
    folder.say_where(page)
    say(_welcome(page, f"http://{HOST}:{web_port}/desk/", sign_in, logs))


def demo_settings(
    data: Path, secrets: DemoSecrets, web_port: int, phones_port: int, environment: dict[str, str]
) -> dict[str, str]:
    """The environment of a demo. Every name is set, so that a `.env` for real work has no part."""
    kept = {k: v for k, v in environment.items() if not k.startswith("HOTLINE_")}
    demo = {
        "HOTLINE_CARRIER": "simulator",
        "HOTLINE_NUMBER": LINE,
        "HOTLINE_MISSED_CALL_NUMBERS": MISSED_CALLS,
        "HOTLINE_DATA": str(data),
        "HOTLINE_KEYS": str(data / "keys"),
        "HOTLINE_ALLOW_SCRATCH": "1",
        "HOTLINE_SECRET_KEY": secrets.secret_key,
        "HOTLINE_SWEEP_SECONDS": "5",
        "HOTLINE_CLOCK_FILE": str(data / "clock"),
        "PUBLIC_BASE_URL": f"http://{HOST}:{web_port}",
        "SIMULATOR_ACCOUNT_SID": secrets.account_sid,
        "SIMULATOR_AUTH_TOKEN": secrets.auth_token,
        "SIMULATOR_API_URL": f"http://{HOST}:{phones_port}",
    }
    own_database = {"DATABASE_URL": f"sqlite:///{data}/hotline.db"}
    return {**own_database, **kept, **demo}


def _write_settings(path: Path, settings: dict[str, str]) -> None:
    """For `flask list-cases` and the like, typed beside a running demo."""
    ours = ("HOTLINE_", "SIMULATOR_", "PUBLIC_BASE_URL", "DATABASE_URL", "REDIS_URL")
    lines = [f"{k}={v}" for k, v in sorted(settings.items()) if k.startswith(ours)]
    path.touch(mode=0o600)
    path.write_text("\n".join(["# Written by `make demo`; made-up secrets.", *lines, ""]))


def _phone_company(data: Path, secrets: DemoSecrets, web_port: int) -> dict[str, str]:
    return {
        "line": LINE,
        "more-lines": MISSED_CALLS,
        "webhooks": f"http://{HOST}:{web_port}",
        "carrier-path": "simulator",
        "account-sid": secrets.account_sid,
        "auth-token": secrets.auth_token,
        "data": str(data / "simulator"),
        "clock-file": str(data / "clock"),
        "desk-url": f"http://{HOST}:{web_port}/desk/",
    }


def _welcome(phones: str, desk: str, sign_in: str, logs: Path) -> str:
    lines = [
        "",
        "The line is open. Pick up a phone here:",
        "",
        f"    {phones}",
        "",
        f"The staff desk is at {desk}",
        *(f"    {line}" for line in sign_in.splitlines()),
        f"Ctrl-C stops everything. Logs are in {logs}",
        "",
    ]
    return "\n".join(lines)
