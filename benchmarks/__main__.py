"""`python -m benchmarks [part ...] [--quick]`: a table, and the same in benchmarks/results.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    alerts,
    content,
    demo_start,
    desk,
    imports,
    machine,
    sounds,
    turns_in_process,
    turns_on_the_wire,
)
from benchmarks.figure import HEAD, SHORT, Figure, row
from benchmarks.rounds import QUICK, Effort
from hotline.logs import set_up_logs

PARTS: dict[str, Callable[[Effort], list[Figure]]] = {
    "process": turns_in_process.measure,
    "turns": turns_on_the_wire.measure,
    "alerts": alerts.measure,
    "imports": imports.measure,
    "sounds": sounds.measure,
    "content": content.measure,
    "demo": demo_start.measure,
    "desk": desk.measure,
}
_RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    """Exit code 0 also where a goal is missed: the table says so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--quick", action="store_true", help="few short rounds: a look, no verdict")
    parser.add_argument("--results", type=Path, default=_RESULTS, metavar="FILE")
    options = parser.parse_args()
    strange = sorted(set(options.parts) - set(PARTS))
    if strange:
        parser.error(f"no part {strange[0]!r}; there are {', '.join(PARTS)}")
    set_up_logs()
    _run(options.parts or list(PARTS), QUICK if options.quick else Effort(), options.results)
    return 0


def _run(names: list[str], effort: Effort, results: Path) -> None:
    began = time.perf_counter()
    here = machine.describe(Path(tempfile.gettempdir()))
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += PARTS[name](effort)
    here["load_average_at_end"] = round(os.getloadavg()[0], 2)
    here["seconds"] = round(time.perf_counter() - began)
    here["rounds"], here["seconds_a_round"] = effort.rounds, effort.seconds
    _write(results, here, figures)
    print("\n".join([HEAD, *map(row, figures), "", machine.told(here)]))
    short = [figure.what for figure in figures if figure.verdict == SHORT]
    print(f"\nFalls short: {'; '.join(short) or 'nothing'}. It took {here['seconds']} s.")


def _write(results: Path, here: dict[str, object], figures: list[Figure]) -> None:
    told = [{**asdict(f), "verdict": f.verdict} for f in figures]
    results.write_text(json.dumps({"machine": here, "figures": told}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
