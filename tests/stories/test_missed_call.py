"""A number for missed calls: it does not answer, and rings back once, by day, with no topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.content_files import Content
from hotline.storage.database import Database
from simulator.phones import PhoneCall
from tests.stories.line import NUMBER, Line, open_line
from tests.stories.switchboard import Switchboard

MISSED = "+85523900901"
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")


@pytest.fixture
def line(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Line]:
    """A line with a number for missed calls, at ten in the morning."""
    folder = tmp_path / "data"
    with open_line(database, folder, key_ring_file, content, missed_calls=(MISSED,)) as line:
        the_clock_shows(line, 10)
        yield line


def the_clock_shows(line: Line, hour: int) -> None:
    """It is the next time that it is this hour in Phnom Penh."""
    now = line.company.clock.now().astimezone(PHNOM_PENH)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    line.company.move_clock(int((then - now) / timedelta(seconds=1)) % 86_400 + 1)


def misses_a_call(line: Line) -> PhoneCall:
    call = line.mother.dial(MISSED)
    assert call.ends() == "busy"
    assert call.heard == ()
    return call


def presses(call: PhoneCall, keys: str) -> None:
    for key in keys:
        call.press(key)
    call.listens()


def picks_up(line: Line) -> PhoneCall:
    """The mother is rung back within half a minute and answers."""
    line.minutes_pass(0.5)
    call = line.mother.is_rung(by=NUMBER).answer()
    call.hears_only("V_RINGBACK")
    return call


def test_who_rings_once_is_rung_back_and_hears_no_topic_before_a_key(line: Line) -> None:
    misses_a_call(line)
    call = picks_up(line)
    presses(call, "1111")
    call.hears("V_MISSING_1")
    line.dara.receives_text()
    assert line.only_case().kind == "missing_child"
    call.hang_up()
    line.minutes_pass(0.5)
    line.mother.is_not_rung()


def test_the_phone_has_time_to_hang_up_first(line: Line) -> None:
    misses_a_call(line)
    line.minutes_pass(0.05)
    line.mother.is_not_rung()
    picks_up(line).hang_up()


def test_the_same_missed_call_told_twice_is_one_ring(line: Line) -> None:
    switchboard = Switchboard(line.app, line.address, line.company.account.token)
    call = switchboard.call("+85512345678")
    first = call.ask("incoming", "", To=MISSED, CallStatus="ringing")
    again = call.ask("incoming", "", To=MISSED, CallStatus="ringing")
    assert first.data == again.data
    assert b'<Response><Reject reason="busy"/></Response>' in first.data
    picks_up(line).hang_up()
    line.minutes_pass(2)
    line.mother.is_not_rung()


def test_who_rings_again_while_we_ring_back_hears_busy_once_more(line: Line) -> None:
    misses_a_call(line)
    misses_a_call(line)
    picks_up(line).hang_up()
    line.minutes_pass(2)
    line.mother.is_not_rung()


def test_a_machine_hears_one_sentence_and_nothing_is_made_of_it(line: Line) -> None:
    for _ in range(3):
        misses_a_call(line)
        call = picks_up(line)
        call.stay_silent()
        assert call.ends() == "completed"
        assert call.heard == ("V_RINGBACK",)
        line.minutes_pass(3)
        line.mother.is_not_rung()
    assert line.cases() == []  # it is not the caller who was silent


def test_who_does_not_pick_up_is_not_rung_again(line: Line) -> None:
    misses_a_call(line)
    line.minutes_pass(0.5)
    line.mother.is_rung().decline()
    line.minutes_pass(10)
    line.mother.is_not_rung()
    assert line.cases() == []


def test_who_rings_right_after_a_ring_back_is_answered(line: Line) -> None:
    misses_a_call(line)
    picks_up(line).hang_up()
    line.settle()
    call = line.mother.dial(MISSED)
    call.hears("V_WELCOME")
    call.hang_up()


def test_at_night_nobody_is_rung_and_the_line_answers(line: Line) -> None:
    the_clock_shows(line, 23)
    call = line.mother.dial(MISSED)
    call.hears("V_WELCOME")
    call.hang_up()
    line.minutes_pass(12 * 60)
    line.mother.is_not_rung()


def test_a_hidden_number_cannot_be_rung_and_is_answered(line: Line) -> None:
    line.mother.withhold_number()
    call = line.mother.dial(MISSED)
    call.hears("V_WELCOME")
    call.hang_up()


@pytest.mark.parametrize("number", [NUMBER, MISSED])
def test_a_call_that_shows_our_own_number_is_not_rung_back(line: Line, number: str) -> None:
    call = line.phone(number, "somebody who shows our number").dial(MISSED)
    call.hears("V_WELCOME")
    presses(call, "111")
    call.hears("V_MISSING_1")
    line.dara.receives_text()
    assert line.only_case().flags == ["number_withheld"]
    call.hang_up()


def test_the_sixth_of_a_day_is_answered(line: Line) -> None:
    for _ in range(5):
        misses_a_call(line)
        picks_up(line).hang_up()
        line.minutes_pass(61)
    call = line.mother.dial(MISSED)
    call.hears("V_WELCOME")
    call.press("1")
    call.hang_up()


def test_the_number_of_the_line_answers_as_ever(line: Line) -> None:
    call = line.mother.dial()
    call.hears("V_WELCOME")
    call.hang_up()
    line.minutes_pass(1)
    line.mother.is_not_rung()


def test_who_could_not_be_rung_in_time_is_never_rung_late_and_staff_know(line: Line) -> None:
    line.company.arm("server_error", place="calls", times=None)
    misses_a_call(line)
    for _ in range(8):
        line.minutes_pass(1)
    line.company.exchange.faults.disarm(None)
    line.minutes_pass(1)
    line.mother.is_not_rung()
    case = line.only_case()
    assert (case.kind, case.reason, case.priority) == ("cut_off", "not_rung_back", "P2")
    assert line.told(case).plan == {"number": "calling", "consent": "not_asked"}
    for phone in (line.dara, line.sophea, line.bopha):
        while len(phone.inbox) > phone.texts_told:
            phone.receives_text()
    line.company.forgive_problems()


def test_a_call_that_dropped_goes_on_after_the_ring_back(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    call.hears("V_MISSING_1")
    call.hang_up()
    line.dara.receives_text()
    misses_a_call(line)
    back = picks_up(line)
    back.press("1")
    back.hears("V_RESUME")
    back.press("1")
    back.hears("V_MISSING_1")
    back.press("1")
    back.hears("V_CB_CONSENT")
    back.press("1")
    back.hears("V_CB_NUMBER_CHOICE")
    assert line.told(line.only_case()).plan["consent"] == "yes"
    back.hang_up()


def test_a_ring_back_that_drops_hides_no_call_that_dropped_before(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    call.hears("V_MISSING_1")
    call.hang_up()
    line.dara.receives_text()
    misses_a_call(line)
    picks_up(line).hang_up()
    again = line.mother.dial()
    again.hears("V_RESUME")
    again.hang_up()
