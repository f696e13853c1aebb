"""Calls that say something without a word: silence, a hurry, a phone that never stops."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline import cases, signals
from hotline.core.pestering import MOST_CALLS, PAUSE
from hotline.storage.case import get_case
from hotline.storage.staff_member import find_staff_by_name
from simulator.phones import Phone, PhoneCall
from tests.stories.line import NUMBER, Line
from tests.stories.switchboard import Switchboard


def presses(call: PhoneCall, keys: str) -> None:
    for key in keys:
        call.press(key)
    call.listens()


def rings_and_says_nothing(line: Line, phone: Phone) -> None:
    call = phone.dial()
    call.hears("V_WELCOME")
    call.hang_up()
    line.settle()


def plays_with_the_phone(line: Line, times: int) -> None:
    """Calls that press a key and come to nothing."""
    for _ in range(times):
        call = line.child.dial()
        presses(call, "1")
        call.hang_up()
        line.settle()


def staff_close_it_as_a_prank(line: Line) -> None:
    case = line.only_case()
    with line.hotline.transaction() as tx:
        bopha, whole = find_staff_by_name(tx, "Bopha"), get_case(tx, case.id)
        cases.close(line.hotline, tx, whole, bopha.id, "not_a_case", whole.version)
    forget_staff_texts(line)


def staff_are_paged_elsewhere(line: Line) -> None:
    """How staff are woken is another story."""
    for phone in (line.dara, line.sophea, line.bopha):
        phone.switch_off()


def forget_staff_texts(line: Line) -> None:
    line.settle()
    for phone in (line.dara, line.sophea, line.bopha):
        while len(phone.inbox) > phone.texts_told:
            phone.receives_text()


# ---------------------------------------------------------------- silence


def test_three_silent_calls_in_a_day_make_one_case(line: Line) -> None:
    for _ in range(2):
        rings_and_says_nothing(line, line.child)
    assert line.cases() == []
    for _ in range(3):
        rings_and_says_nothing(line, line.child)
    case = line.only_case()
    assert (case.kind, case.priority, case.reason) == ("silent_caller", "P2", "repeat_silent")
    assert line.told(case).plan == {"number": "calling", "consent": "not_asked"}
    forget_staff_texts(line)


def test_a_call_that_listens_to_the_end_without_a_key_is_silent_too(line: Line) -> None:
    for _ in range(2):
        rings_and_says_nothing(line, line.child)
    call = line.child.dial()
    while not call.is_over:
        call.stay_silent()
        call.listens()
    assert line.only_case().kind == "silent_caller"
    forget_staff_texts(line)


def test_who_pressed_a_key_was_not_silent(line: Line) -> None:
    plays_with_the_phone(line, 4)
    assert line.cases() == []


def test_five_silent_calls_in_a_week_make_a_case(line: Line) -> None:
    for _ in range(4):
        rings_and_says_nothing(line, line.child)
        line.company.move_clock(30 * 3600)
    assert line.cases() == []
    rings_and_says_nothing(line, line.child)
    assert line.only_case().reason == "repeat_silent"
    forget_staff_texts(line)


def test_after_the_case_was_closed_the_silence_is_counted_anew(line: Line) -> None:
    for _ in range(3):
        rings_and_says_nothing(line, line.child)
    forget_staff_texts(line)
    line.everyone_has_done_their_work()
    for _ in range(2):
        rings_and_says_nothing(line, line.child)
    assert line.cases() == []
    rings_and_says_nothing(line, line.child)
    assert line.only_case().kind == "silent_caller"
    forget_staff_texts(line)


def test_silence_of_hidden_numbers_is_nobodys(line: Line) -> None:
    line.child.withhold_number()
    for _ in range(4):
        rings_and_says_nothing(line, line.child)
    assert line.cases() == []


# ---------------------------------------------------------------- in a hurry


def test_a_quick_exit_on_the_urgent_menu_opens_a_case_with_its_reason(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "11*")
    call.hears("V_QUICK_EXIT")
    case = line.only_case()
    assert (case.kind, case.reason) == ("unclear_urgent", "quick_exit_on_urgent_menu")
    assert case.flags == ["quick_exit"]
    forget_staff_texts(line)


def test_after_a_quick_exit_nobody_is_asked_whether_to_go_on(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111*")
    assert "quick_exit" in line.only_case().flags
    again = line.mother.dial()
    again.hears("V_WELCOME")
    again.hang_up()
    forget_staff_texts(line)


# ---------------------------------------------------------------- a phone that calls without end


def test_a_phone_that_calls_without_end_may_listen_for_two_hours(line: Line) -> None:
    plays_with_the_phone(line, MOST_CALLS)
    call = line.child.dial()
    call.hears_only("V_FIRST_FACT", "V_LISTEN_MENU")
    presses(call, "3")
    call.hears("V_L_RIGHTS", "V_LISTEN_MENU")
    presses(call, "0")
    call.hears_only("V_LISTEN_MENU")
    call.hang_up()
    line.settle()
    line.company.move_clock(int(PAUSE / timedelta(seconds=1)) + 1)
    later = line.child.dial()
    later.hears("V_WELCOME")
    later.hang_up()


def test_in_danger_the_key_works_all_the_same_and_gives_back_the_line(line: Line) -> None:
    staff_are_paged_elsewhere(line)
    plays_with_the_phone(line, MOST_CALLS)
    call = line.child.dial()
    presses(call, "2")
    call.hears("V_DANGER_NOW")
    case = line.only_case()
    assert (case.kind, case.priority, case.reason) == ("danger_now", "P0", "asked_by_key")
    presses(call, "1")
    line.settle()
    assert line.told(case).plan["consent"] == "yes"
    again = line.child.dial()
    again.hears("V_WELCOME")
    again.hang_up()
    forget_staff_texts(line)


def test_for_a_missing_child_the_key_works_all_the_same(line: Line) -> None:
    plays_with_the_phone(line, MOST_CALLS)
    call = line.child.dial()
    presses(call, "1")
    call.hears("V_MISSING_1")
    call.hang_up()
    assert line.only_case().kind == "missing_child"
    forget_staff_texts(line)


def test_a_phone_that_asks_for_help_is_never_without_end(line: Line) -> None:
    call = line.child.dial()
    presses(call, "10")
    presses(call, "44")
    call.hang_up()
    forget_staff_texts(line)
    plays_with_the_phone(line, MOST_CALLS)
    call = line.child.dial()
    assert "V_LISTEN_MENU" not in call.listens()
    call.hang_up()


def test_three_pranks_in_a_week_and_the_phone_may_listen(line: Line) -> None:
    for _ in range(3):
        line.company.move_clock(2 * 3600)
        call = line.child.dial()
        presses(call, "144")
        call.hang_up()
        line.settle()
        staff_close_it_as_a_prank(line)
    line.company.move_clock(3600)
    call = line.child.dial()
    call.hears("V_FIRST_FACT", "V_LISTEN_MENU")
    call.hang_up()


def test_by_text_topics_are_answered_and_danger_opens_a_case(line: Line) -> None:
    staff_are_paged_elsewhere(line)
    plays_with_the_phone(line, MOST_CALLS)
    call = line.child.dial()
    call.hears("V_FIRST_FACT", "V_LISTEN_MENU")
    call.hang_up()
    line.child.texts("5")
    library = line.hotline.library
    line.child.receives_text(exactly=library.text("SMS_MENU", "km", "khmer"))
    assert line.cases() == []
    line.child.texts("1")
    line.child.receives_text(exactly=library.text("SMS_RIGHTS", "km", "khmer"))
    line.child.texts("99")
    line.child.receives_text(exactly=library.text("SMS_HELP", "km", "khmer"))
    assert line.only_case().kind == "danger_now"
    forget_staff_texts(line)


# ---------------------------------------------------------------- our own number


def test_a_text_that_shows_our_own_number_is_not_answered(line: Line) -> None:
    switchboard = Switchboard(line.app, line.address, line.company.account.token)
    text = switchboard.text(NUMBER, "5")
    assert switchboard.sends("/texts/simulator/incoming", text).status_code == 200
    line.settle()
    assert line.phone(NUMBER, "the line itself").inbox == []
    assert line.cases() == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_our_own_numbers_are_known_in_every_spelling(line: Line) -> None:
    assert signals.is_our_own(line.hotline, NUMBER)
    assert signals.is_our_own(line.hotline, NUMBER.lstrip("+"))
    assert not signals.is_our_own(line.hotline, line.mother.number)
