"""`python -m benchmarks.faults`: break the line at random for a while and count what was lost.

Exit code 1 where anything was lost, doubled or left wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from benchmarks import machine
from benchmarks.faults import report
from benchmarks.faults.running import Plan, run
from hotline.logs import set_up_logs

DATABASES = ("sqlite", "postgresql")
_RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    options = _read_arguments()
    set_up_logs(level=logging.WARNING)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    here = machine.describe(Path(tempfile.gettempdir()))
    found = []
    for database in options.database or DATABASES:
        print(f"{database}, seed {options.seed} ...", file=sys.stderr, flush=True)
        found.append(report.as_data(run(_plan(database, options))))
    options.results.write_text(json.dumps({"machine": here, "runs": found}, indent=1) + "\n")
    print(report.table(found), "", machine.told(here), sep="\n")
    for each in found:
        print("\n".join(each["behind"][:40]))
    whole = all(each["is_whole"] for each in found)
    print(f"\nSeed {options.seed}. {'Nothing was lost.' if whole else 'SOMETHING IS WRONG.'}")
    return 0 if whole else 1


def _plan(database: str, options: argparse.Namespace) -> Plan:
    return Plan(
        database,
        options.faults,
        options.seconds,
        options.seed,
        options.rate,
        options.every,
        options.slowest,
    )


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    add = parser.add_argument
    add("--faults", type=int, default=600, help="how many on each database")
    add("--seconds", type=float, default=900, help="stop after so long, on each database")
    add("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="else random")
    add("--database", action="append", choices=DATABASES, help="one of them; else both in turn")
    add("--rate", type=float, default=4.0, help="conversations a second")
    add("--every", type=float, default=0.6, help="seconds from fault to fault, on average")
    add("--slowest", type=float, default=8.0, help="seconds an answer may take while the web is up")
    add("--results", type=Path, default=_RESULTS, help="where the figures are written")
    return parser.parse_args()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
