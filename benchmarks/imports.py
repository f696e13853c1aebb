"""What importing the web application costs, beside the two libraries it cannot do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.installation import clean_environment
from benchmarks.rounds import Effort, in_turn, median

_FLOOR = "import flask, sqlalchemy"
_WIDER_FLOOR = "import flask, sqlalchemy.orm"
_OURS = "import hotline.app, hotline.wiring"
# rich comes with the tools of developers, and structlog loads it where it is: a real
# installation has none, so it is hidden here too, from both sides.
_HIDDEN = "import sys; sys.modules['rich'] = None\n"
_TIMED = "import time; began = time.process_time()\n{}\nprint(time.process_time() - began)"


def measure(effort: Effort) -> list[Figure]:
    """Goal 16, import."""
    _import(_OURS)  # the first one writes the compiled files
    found = in_turn(
        effort.rounds * 2 + 1,
        lambda: _import(_OURS),
        lambda: _import(_FLOOR),
        lambda: _import(_WIDER_FLOOR),
    )
    ours, narrow, wide = (median(seconds) * 1000 for seconds in found)
    return [
        _against(_FLOOR, ours, narrow, f"; heaviest beyond them: {_heaviest()}"),
        _against(_WIDER_FLOOR, ours, wide, ", the floor the goal was first written against"),
    ]


def _against(floor: str, ours: float, theirs: float, more: str) -> Figure:
    what = f"16 importing the web application, against `{floor}`"
    behind = f"{ours:.0f} against {theirs:.0f} ms of CPU{more}"
    return Figure("imports", what, ours / theirs, "x", behind, 1.3, 1.1)


def _import(what: str) -> float:
    """Seconds of CPU in a fresh interpreter."""
    return float(_python("-c", _HIDDEN + _TIMED.format(what)).stdout)


def _heaviest(number: int = 6) -> str:
    """The packages that take longest by themselves, all their modules together."""
    done = _python("-X", "importtime", "-c", _HIDDEN + _OURS)
    spent: dict[str, int] = {}
    for line in done.stderr.splitlines():
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdecimal():
            package = name.strip().split(".")[0]
            spent[package] = spent.get(package, 0) + int(own)
    beyond = {n: us for n, us in spent.items() if n not in ("flask", "werkzeug", "sqlalchemy")}
    most = sorted(beyond.items(), key=lambda item: -item[1])[:number]
    return ", ".join(f"{name} {us / 1000:.0f} ms" for name, us in most)


def _python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=clean_environment(),
        cwd=Path(sys.prefix),
        capture_output=True,
        text=True,
        check=True,
    )
