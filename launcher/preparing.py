"""What must be done before the programs start, and how to see that they answer."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.embedded_redis import answers
from launcher.environment import ROOT
from launcher.leash import leash

_REDIS_PATIENCE = 10.0
_PAUSE = 0.05


class NotReady(Exception):
    """Something did not come up; the message says what, and where to look."""


def run_flask(environment: Mapping[str, str], *commands: str) -> str:
    """Commands of the hotline side by side to their end: what they printed. Raises NotReady."""
    running = [(command, _start_flask(command, environment)) for command in commands]
    ended = [(command, process, process.communicate()) for command, process in running]
    for command, process, (out, err) in ended:
        if process.returncode != 0:
            said = (err.strip() or out.strip()).splitlines()[-30:]
            raise NotReady(f"`flask {command}` failed:\n" + "\n".join(said))
    return "\n".join(out.strip() for _, _, (out, _) in ended)


def _start_flask(command: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", command],
        env=dict(environment),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=leash(),
    )


def wait_for_redis(where: Path, look_after: Callable[[], None]) -> None:
    """Raises NotReady."""
    deadline = time.monotonic() + _REDIS_PATIENCE
    while not answers(where):
        if time.monotonic() > deadline:
            raise NotReady(f"the embedded Redis did not answer at {where}")
        look_after()
        time.sleep(_PAUSE)


def wait_until_ready(
    host: str, port: int, path: str, patience: float, look_after: Callable[[], None]
) -> None:
    """Wait for a 200 from http://host:port/path. Raises NotReady with the last answer."""
    deadline = time.monotonic() + patience
    answer = "nothing"
    while time.monotonic() < deadline:
        status, answer = _ask(host, port, path)
        if status == 200:
            return
        look_after()
        time.sleep(_PAUSE)
    raise NotReady(f"http://{host}:{port}{path} did not become ready; its last answer: {answer}")


def _ask(host: str, port: int, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection(host, port, timeout=2)  # never through a proxy
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, f"{answer.status} {answer.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        return 0, type(error).__name__
    finally:
        line.close()
