"""What can wait lets staff sleep; what the caller tells meanwhile may wake them."""

from __future__ import annotations

from datetime import timedelta

from hotline.core.local_time import PHNOM_PENH
from simulator.phone_call import PhoneCall
from tests.stories.line import Line


def the_clock_shows(line: Line, hour: int) -> None:
    now = line.hotline.now().astimezone(PHNOM_PENH)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    seconds = int((then - now).total_seconds()) % 86_400 + 1
    line.minutes_pass(seconds / timedelta(minutes=1).total_seconds())


def asks_for_a_call(line: Line, number: str) -> PhoneCall:
    """Khmer, no child is missing, help, a call from staff: a case for today."""
    call = line.phone(number).dial()
    for key in "1044":
        call.press(key)
    call.hears("V_PRIVACY", "V_CB_AGE")
    line.settle()
    return call


def test_two_who_ask_at_night_are_one_text_in_the_morning(line: Line) -> None:
    the_clock_shows(line, 23)
    line.minutes_pass(10)  # or the ladder, eight hours later, would speak in the same minute
    for number in ("+85512700001", "+85512700002"):
        asks_for_a_call(line, number).hang_up()
    line.dara.receives_no_text()
    for hour in (2, 4, 6):  # the ladder goes on, and everybody it comes to is let sleep
        the_clock_shows(line, hour)
        line.dara.receives_no_text()
    the_clock_shows(line, 7)
    for worker in (line.dara, line.sophea, line.bopha):
        worker.receives_text(containing="2")
    assert [line.happened(case)[-1] for case in line.cases()] == ["digested", "digested"]


def test_a_child_who_is_offered_a_job_wakes_somebody_though_the_case_could_wait(
    line: Line,
) -> None:
    """She answers two questions of the job check, then goes for the lesson and asks for a call."""
    the_clock_shows(line, 23)
    call = line.mother.dial()
    for key in "10211":  # the job check: under 18
        call.press(key)
    call.press("0")
    for key in "44":
        call.press(key)
    call.hears("V_PRIVACY", "V_CB_AGE")
    call.hang_up()
    case = line.only_case()
    assert (case.kind, case.priority) == ("callback", "P1")
    assert "raised" in line.happened(case)
    line.dara.receives_text(containing=case.ref)
