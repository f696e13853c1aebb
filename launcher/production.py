"""`run`: one machine in production shape. No simulator, and nothing a demo made."""

from __future__ import annotations

from pathlib import Path

from launcher import programs
from launcher.data_folder import DataFolder
from launcher.embedded_redis import plan_redis, stop_stale
from launcher.leftovers import Leftovers
from launcher.ports import is_free
from launcher.preparing import NotReady, run_flask, wait_for_redis, wait_until_ready
from launcher.supervisor import Supervisor
from launcher.watching import Say, watch

_PATIENCE = 90.0


def run_production(
    folder: DataFolder, environment: dict[str, str], host: str, port: int, workers: int, say: Say
) -> None:
    """Start everything and stay until told to stop. Raises NotReady before anything is started."""
    refuse_demo_secrets(folder, environment)
    if not is_free(port, host):
        raise NotReady(f"port {port} is taken; name another with --port")
    folder.take()
    leftovers = Leftovers(folder.path / "processes.json")
    leftovers.stop_all()
    supervisor = Supervisor(leftovers, say)
    try:
        _start(folder, environment, supervisor, host, port, workers)
        folder.say_where(f"{host}:{port}")
        say(f"the hotline answers on {host}:{port}")
        watch(supervisor)
    finally:
        supervisor.stop_all()
        folder.leave()


def refuse_demo_secrets(folder: DataFolder, environment: dict[str, str]) -> None:
    """Raises NotReady naming everything that a demo made."""
    faults = []
    if folder.is_demo:
        faults.append(f"HOTLINE_DATA {folder.path} is a demo's folder; name another")
    for name in ("HOTLINE_SECRET_KEY", "SIMULATOR_AUTH_TOKEN"):
        if environment.get(name, "").startswith("demo-"):
            faults.append(f"{name} is a demo's; make your own")
    keys = environment.get("HOTLINE_KEYS")
    if keys and DataFolder.made_by_demo(Path(keys).resolve().parent):
        faults.append(f"HOTLINE_KEYS {keys} is a demo's key ring; `flask make-keys` writes another")
    if faults:
        raise NotReady("this is no demo:\n" + "\n".join(f"  - {fault}" for fault in faults))


def _start(
    folder: DataFolder,
    environment: dict[str, str],
    supervisor: Supervisor,
    host: str,
    port: int,
    workers: int,
) -> None:
    settings = {**environment, "HOTLINE_DATA": str(folder.path)}
    if "REDIS_URL" not in environment:
        redis = plan_redis(folder.path, environment, None)
        stop_stale(redis.socket)
        supervisor.add(redis.program)
        settings["REDIS_URL"] = redis.url
        wait_for_redis(redis.socket, supervisor.look_after)
    # Asked first: programs that may not start would be started again and again.
    run_flask(settings, "check-start", "upgrade-database")
    run_flask(settings, "seed-services")
    supervisor.add(programs.web(f"{host}:{port}", workers, settings, None))
    supervisor.add(programs.workers(settings, None))
    wait_until_ready(host, port, "/readyz", _PATIENCE, supervisor.look_after)
