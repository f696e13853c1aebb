"""`python -m launcher demo | run | reset`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from launcher.data_folder import DataFolder, FolderTaken, NoDemoFolder
from launcher.demo import run_demo
from launcher.embedded_redis import NoRedis
from launcher.environment import data_path, given
from launcher.leash import follow_our_own_parent
from launcher.leftovers import Leftovers
from launcher.preparing import NotReady
from launcher.production import run_production
from launcher.watching import ToldToStop, listen_for_stop


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    os.umask(0o077)  # whatever the programs write is for this user alone
    listen_for_stop()
    try:
        if options.with_parent:
            follow_our_own_parent()
        _do(options)
    except ToldToStop:
        _say("stopped")
    except (FolderTaken, NoDemoFolder, NoRedis, NotReady) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _do(options: argparse.Namespace) -> None:
    # A demo takes nothing from .env: that file may name a real database and real phones.
    environment = given() if options.target == "run" else given(env_file=None)
    folder = DataFolder(data_path(environment))
    if options.target == "demo":
        run_demo(folder, environment, _say)
    elif options.target == "run":
        run_production(folder, environment, options.host, options.port, options.workers, _say)
    else:
        _reset(folder)


def _reset(folder: DataFolder) -> None:
    folder.take()
    Leftovers(folder.path / "processes.json").stop_all()
    folder.empty()
    folder.leave()
    _say(f"{folder.path} is empty")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when our parent dies")
    targets = parser.add_subparsers(dest="target", required=True)
    targets.add_parser("demo", help="everything on this machine, with phones in the browser")
    run = targets.add_parser("run", help="one machine in production shape")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    run.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    run.add_argument("--workers", type=int, default=2, help="web processes (2)")
    targets.add_parser("reset", help="throw the demo's data away")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
