"""No worker lives: whoever answers the phones tells the supervisors, and sends the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import structlog.testing

from hotline import errands, paging
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.standing_in import Watch
from hotline.storage.case import get_case
from hotline.storage.database import DatabaseAway
from hotline.storage.outbox_item import list_items
from hotline.storage.staff_member import find_staff_by_name
from hotline.web.watching import Watchman
from tests.workers.conftest import Office
from tests.workers.test_sending import a_text_to_a_caller
from workers.sweeps import sweep

DARA, SOPHEA, BOPHA = "+85510111001", "+85510111002", "+85510111003"


class Guard:
    """A web process that looks every 15 seconds of the office's time."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.seconds = 0.0
        self.watch = Watch(office.hotline, steady=lambda: self.seconds)
        self.watch.look()

    def looks_for(self, seconds: float, sweeping: bool = False) -> None:
        """Time passes and it looks; with workers that sweep, or without."""
        for _ in range(int(seconds // 15)):
            self.seconds += 15
            self.office.time.pass_by(seconds=15)
            if sweeping:
                sweep(self.office.hotline)
            self.watch.look()


def told(office: Office, number: str = BOPHA) -> list[str]:
    return [body for to, body in office.wire.sent if to == number]


def the_line_is_down(office: Office) -> list[str]:
    return [body for body in told(office) if "មានបញ្ហា" in body]


def it_works_again(office: Office) -> list[str]:
    return [body for body in told(office) if "វិញហើយ" in body]


def test_while_workers_sweep_nobody_hears_anything(office: Office) -> None:
    guard = Guard(office)
    guard.looks_for(600, sweeping=True)
    assert office.wire.sent == []


def test_a_dead_sweeper_is_told_within_ninety_seconds_and_once(office: Office) -> None:
    guard = Guard(office)
    guard.looks_for(60, sweeping=True)
    guard.looks_for(75)
    assert the_line_is_down(office) == []
    guard.looks_for(15)
    assert len(the_line_is_down(office)) == 1
    guard.looks_for(29 * 60)
    assert len(the_line_is_down(office)) == 1
    guard.looks_for(60)
    assert len(the_line_is_down(office)) == 2  # it lasts


def test_the_text_names_the_time_in_phnom_penh_and_nothing_else(office: Office) -> None:
    guard = Guard(office)
    sweep(office.hotline)  # 20:00 in UTC
    guard.looks_for(90)
    (text,) = the_line_is_down(office)
    assert text == office.hotline.library.text("STAFF_DOWN", "km").replace("{time}", "03:00")


def test_it_says_once_that_it_works_again(office: Office) -> None:
    guards = [Guard(office), Guard(office)]
    sweep(office.hotline)
    guards[0].looks_for(90)
    sweep(office.hotline)
    for guard in guards:
        guard.looks_for(60, sweeping=True)
    assert (len(the_line_is_down(office)), len(it_works_again(office))) == (1, 1)
    guards[0].looks_for(120)
    assert len(the_line_is_down(office)) == 2  # another time is another alarm


def test_two_web_processes_tell_it_once(office: Office) -> None:
    sweep(office.hotline)
    first, second = Guard(office), Guard(office)
    for _ in range(10):
        first.looks_for(15)
        second.seconds += 15
        second.watch.look()
    assert len(the_line_is_down(office)) == 1


def test_workers_that_were_never_started_are_missed(office: Office) -> None:
    guard = Guard(office)
    guard.looks_for(30)
    assert the_line_is_down(office) == []
    guard.looks_for(15)
    assert len(the_line_is_down(office)) == 1


def test_a_clock_that_is_moved_is_no_reason_while_workers_sweep(office: Office) -> None:
    guard = Guard(office)
    guard.looks_for(60, sweeping=True)
    for hours in (3, -8):
        office.time.pass_by(hours=hours)
        guard.watch.look()  # before anybody has swept
        guard.looks_for(120, sweeping=True)
    assert the_line_is_down(office) == []


def test_a_beat_from_the_future_is_no_sign_of_life(office: Office) -> None:
    office.time.pass_by(days=1)
    sweep(office.hotline)
    office.time.pass_by(days=-1)
    guard = Guard(office)
    guard.looks_for(45)
    assert len(the_line_is_down(office)) == 1


def test_without_workers_the_pages_go_out_and_the_ladder_climbs(office: Office) -> None:
    guard = Guard(office)
    case_id = office.open_case("P0")
    guard.looks_for(45)
    assert len(told(office, DARA)) == 1
    assert DARA in office.wire.rung
    guard.looks_for(180)
    assert len(told(office, SOPHEA)) == 1
    with office.hotline.transaction() as tx:
        sophea = find_staff_by_name(tx, "Sophea")
        paging.claim(office.hotline, tx, get_case(tx, case_id), sophea)
    guard.looks_for(60)
    assert len(told(office, SOPHEA)) == 1


def test_a_page_a_dead_worker_had_taken_is_sent(office: Office) -> None:
    guard = Guard(office)
    office.open_case()
    errands.claim_due(office.hotline, "alerts", "a worker that died")
    guard.looks_for(60)
    assert len(told(office, DARA)) == 1


def test_a_page_the_carrier_refuses_moves_the_ladder_on(office: Office) -> None:
    guard = Guard(office)
    sweep(office.hotline)
    guard.looks_for(90)  # the alarm is raised
    office.open_case()
    office.wire.trouble = [CarrierRefused("21211", "number")]
    guard.looks_for(15)
    assert told(office, DARA) == []
    guard.looks_for(60)  # well before its two minutes are over
    assert DARA in office.wire.rung


def states(office: Office) -> list[str]:
    with office.hotline.reading() as tx:
        return [item.state for item in list_items(tx)]


def test_nothing_to_callers_is_sent_by_the_stand_in(office: Office) -> None:
    guard = Guard(office)
    a_text_to_a_caller(office)
    guard.looks_for(120)
    assert states(office) == ["pending"]


def test_a_carrier_that_is_away_too_is_tried_again_a_minute_later(office: Office) -> None:
    guard = Guard(office)
    sweep(office.hotline)
    office.wire.trouble = [CarrierUnavailable("away"), CarrierUnknown("cut")]
    guard.looks_for(90)
    assert the_line_is_down(office) == []
    guard.looks_for(120)
    assert len(the_line_is_down(office)) == 1


# ---------------------------------------------------------------- the database is away


def away(*_: Any) -> None:
    raise DatabaseAway("nobody there")


@pytest.fixture
def cut(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Take the database away, and give it back."""
    kind = type(office.hotline)

    def cut(is_cut: bool) -> None:
        monkeypatch.undo()
        if is_cut:
            for way in ("reading", "transaction"):
                monkeypatch.setattr(kind, way, away)

    return cut


def test_without_a_database_the_supervisors_hear_of_it_all_the_same(
    office: Office, cut: Callable[[bool], None]
) -> None:
    guard, other = Guard(office), Guard(office)
    guard.looks_for(60, sweeping=True)
    cut(True)
    guard.looks_for(45)
    assert office.wire.sent == []
    guard.looks_for(60)
    other.watch.look()
    other.seconds += 90
    other.watch.look()
    assert len(the_line_is_down(office)) == 1
    cut(False)
    guard.looks_for(30)  # workers have not swept yet, and have a moment to do it
    guard.looks_for(60, sweeping=True)
    assert (len(the_line_is_down(office)), len(it_works_again(office))) == (1, 1)


def test_a_database_that_is_locked_for_a_moment_wakes_nobody(
    office: Office, cut: Callable[[bool], None]
) -> None:
    guard = Guard(office)
    for _ in range(5):
        guard.looks_for(30, sweeping=True)
        cut(True)
        guard.looks_for(15)
        cut(False)
    assert office.wire.sent == []


def test_on_a_disk_that_cannot_be_written_the_alarm_is_raised_still(
    office: Office, cut: Callable[[bool], None]
) -> None:
    guard = Guard(office)
    alarms = office.hotline.settings.data / "alarms"
    alarms.touch()  # no folder can be made here
    cut(True)
    guard.looks_for(600)
    cut(False)
    assert len(the_line_is_down(office)) == 1


def test_nobodys_number_is_shown_or_logged(office: Office, cut: Callable[[bool], None]) -> None:
    with structlog.testing.capture_logs() as logs:
        guard = Guard(office)
        cut(True)
        guard.looks_for(120)
        cut(False)
    assert len(the_line_is_down(office)) == 1
    shown = f"{logs} {guard.watch._people}"
    for number in (DARA, SOPHEA, BOPHA):
        assert number[4:] not in shown


def test_the_watchman_looks_until_it_is_stopped(office: Office) -> None:
    looked = threading.Event()

    class Sees(Watch):
        def look(self) -> None:
            looked.set()
            raise RuntimeError("one look is lost")

    man = Watchman(Sees(office.hotline), seconds=0.01)
    man.start()
    assert looked.wait(5)
    assert man.is_alive()
    man.stop()
    assert not man.is_alive()
