"""The desk of a running demo, for a story of its staff."""

from __future__ import annotations

import re
import time

from tests.journeys.desk_hands import Hands, OverHttp
from tests.journeys.desk_story import World
from tests.journeys.phones_over_http import eventually
from tests.journeys.traces import Run, cases_listed


def world_of(run: Run) -> World:
    def code_for(phone: str) -> str:
        run.phones.phone(phone).receives(1)
        return re.findall(r"\b\d{6}\b", run.phones.phone(phone).received()[-1])[0]

    def exports_are_made(hands: Hands) -> None:
        eventually(lambda: "<progress" not in hands.reads("/exports"), "an export")

    return World(
        hands=lambda: Hands(OverHttp(f"http://{run.demo.desk()}")),
        clock=lambda: time.time() + float((run.folder / "clock").read_text() or 0),
        code_for=code_for,
        exports_are_made=exports_are_made,
    )


def case_of(run: Run, kind: str) -> str:
    return next(case["ref"] for case in cases_listed(run) if case["kind"] == kind)
