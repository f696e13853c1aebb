"""What takes minutes with years of cases keeps no page waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from hotline import audit, retention
from tests.workers.conftest import Office
from workers.aside import Aside
from workers.sweeps import ASIDE, chain_looker, forgetter, sweep


@pytest.fixture
def held() -> Iterator[Callable[..., None]]:
    """Put in the place of long work: it goes on until the test is over."""
    is_over = threading.Event()
    yield lambda *_: is_over.wait(10)
    is_over.set()
    for work in ASIDE:
        work.wait()


@pytest.mark.parametrize(
    ("module", "work"),
    [(audit, "look_over"), (retention, "_tidy_up"), (retention, "propose_if_due")],
    ids=["the look over the chain", "tidying up", "the report"],
)
def test_a_page_goes_out_meanwhile(
    office: Office, held: Callable[..., None], module: Any, work: str, monkeypatch: Any
) -> None:
    went_on = threading.Event()

    def goes_on(*_: object) -> tuple[int, None]:
        held()
        went_on.set()
        return 0, None

    monkeypatch.setattr(module, work, goes_on)
    sweep(office.hotline)
    office.open_case()
    sweep(office.hotline)
    assert len(office.wire.sent) == 1
    assert not went_on.is_set()


def test_work_that_fails_is_told_and_begun_anew(office: Office) -> None:
    times: list[object] = []

    def breaks(hotline: object) -> None:
        times.append(hotline)
        raise ValueError("a fault of ours")

    work = Aside(breaks)
    with capture_logs() as logs:
        for _ in range(2):
            work.begin(office.hotline)
            work.wait()
    told = [(line["log_level"], line["event"], line["step"]) for line in logs]
    assert told == [("critical", "step_of_sweep_failed", "breaks")] * 2
    assert len(times) == 2


def test_nothing_is_begun_that_is_not_due(office: Office) -> None:
    sweep(office.hotline)
    for work in ASIDE:
        work.wait()
    before = chain_looker._thread, forgetter._thread
    office.time.pass_by(hours=1)
    sweep(office.hotline)
    assert (chain_looker._thread, forgetter._thread) == before
