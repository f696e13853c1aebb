"""Callers on the phone: what they press, and what is kept of it."""

from __future__ import annotations

from simulator.phones import PhoneCall
from tests.stories.line import Line


def presses(call: PhoneCall, keys: str) -> None:
    """Press one key after the other, each when the line listens; then it is the caller's turn."""
    for key in keys:
        call.press(key)
    call.listens()


def test_a_plan_to_call_back_grows_with_every_key(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    call.hears("V_MISSING_1")
    presses(call, "1")
    call.hears("V_CB_CONSENT")
    assert line.told(line.only_case()).plan["consent"] == "pending"
    presses(call, "1")
    call.hears("V_CB_NUMBER_CHOICE")
    assert line.told(line.only_case()).plan["consent"] == "yes"
    presses(call, "2")
    call.hears("V_CB_ENTER_NUMBER")
    call.press("0967777888")
    call.hears("V_CB_CONFIRM_PRE", "V_DIGIT_0", "V_DIGIT_9", "V_DIGIT_6", "V_DIGIT_7")
    presses(call, "1")
    call.hears("V_CB_WHO_ANSWERS")
    presses(call, "2")
    call.hears("V_CB_DONE_URGENT")
    assert call.ends() == "completed"
    plan = line.told(line.only_case()).plan
    assert plan["who_answers"] == "say_wrong_number"
    assert plan["number"].endswith("967777888")


def test_danger_opens_a_case_before_consent_and_the_next_key_gives_it(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "112")
    line.dara.receives_text()
    case = line.only_case()
    assert (case.kind, case.priority) == ("danger_now", "P0")
    assert line.told(case).plan["consent"] == "not_asked"
    call.hears("V_DANGER_NOW")
    presses(call, "1")
    call.hears("V_CB_DONE_URGENT")
    assert line.told(case).plan["consent"] == "yes"
    line.takes_it(line.dara)


def test_who_rings_back_within_the_hour_goes_on_with_the_same_case(line: Line) -> None:
    for _ in range(2):
        line.company.move_clock(11 * 60)
        call = line.mother.dial()
        presses(call, "111")
        call.hang_up()
        line.settle()
    line.dara.receives_text()
    line.dara.is_rung()  # asked again: the ladder does not wait
    line.takes_it(line.dara)
    assert "asked_again" in line.happened(line.only_case())


def test_who_rings_back_after_the_case_was_closed_begins_anew_and_is_heard(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    call.hang_up()
    line.everyone_has_done_their_work()
    line.minutes_pass(0)
    line.dara.receives_text()  # a colleague has it
    again = line.mother.dial()
    again.hears("V_WELCOME")
    presses(again, "111")
    line.dara.receives_text(containing=line.only_case().ref)
    again.hang_up()


def test_a_case_closed_during_the_call_does_not_swallow_a_cry_for_help(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")  # a missing child
    line.dara.receives_text()
    line.everyone_has_done_their_work()
    line.minutes_pass(0)
    line.dara.receives_text()  # a colleague has it
    presses(call, "012")  # the main menu, urgent, in danger now
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().kind == "danger_now"
    line.takes_it(line.dara, code="2")
    call.hang_up()


def test_a_call_that_dropped_may_go_on_where_it_stopped(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    call.hang_up()
    line.settle()
    again = line.mother.dial()
    again.hears("V_RESUME")
    again.press("1")
    again.hears("V_MISSING_1")
    again.press("1")
    again.hears("V_CB_CONSENT")
    presses(again, "1")
    assert line.told(line.only_case()).plan["consent"] == "yes"
    again.hang_up()


def test_silence_a_wrong_key_and_a_hang_up_are_three_different_things(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    call.hears("V_FIRST_FACT")
    call.press("8")
    call.hears("V_ERR_WRONG_KEY")
    call.stay_silent()
    call.hears("V_ERR_NOINPUT")
    call.hang_up()
    assert line.cases() == []


def test_a_caller_who_hides_their_number_is_asked_for_one(line: Line) -> None:
    line.mother.withhold_number()
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    assert line.only_case().flags == ["number_withheld"]
    presses(call, "11")
    call.hears("V_CB_ENTER_NUMBER")
    call.press("012998877")
    call.hears("V_CB_CONFIRM_PRE")
    presses(call, "1")
    assert line.told(line.only_case()).plan["number"].endswith("12998877")
    call.hang_up()


def test_a_voice_message_is_fetched_sealed_and_taken_from_the_carrier(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    presses(call, "43")
    call.hears("V_PRIVACY", "V_RECORD_PROMPT")
    call.speaks(4)
    line.dara.receives_text()
    call.hears("V_RECORD_REVIEW")
    call.press("1")
    call.hears("V_RECORD_SENT")
    call.hang_up()
    line.minutes_pass(1)
    kept = line.voice_messages(line.only_case())
    assert [message.state for message in kept] == ["fetched"]
    sound = line.sound_of(kept[0])
    assert len(sound) > 100
    assert sound not in line.file_of(kept[0]).read_bytes()


def test_a_voice_message_survives_a_hang_up(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    presses(call, "43")
    call.hang_up(after_speaking=5)
    line.dara.receives_text()
    line.minutes_pass(1)
    assert [message.state for message in line.voice_messages(line.only_case())] == ["fetched"]


def test_a_deleted_voice_message_is_gone(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    presses(call, "43")
    call.speaks(4)
    line.dara.receives_text()
    call.press("3")
    call.hears("V_RECORD_DELETED")
    call.hang_up()
    line.minutes_pass(1)
    assert line.voice_messages(line.only_case()) == []


def test_the_same_webhook_twice_has_one_answer_and_one_effect(line: Line) -> None:
    line.company.arm("duplicate", place="call", times=None)
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    call.hears("V_MISSING_1")
    call.hang_up()
    assert line.happened(line.only_case()).count("opened") == 1


def test_the_star_key_ends_with_something_harmless(line: Line) -> None:
    call = line.mother.dial()
    presses(call, "111")
    line.dara.receives_text()
    call.press("*")
    call.hears("V_QUICK_EXIT")
    assert call.ends() == "completed"
    assert line.only_case().flags == ["quick_exit"]
