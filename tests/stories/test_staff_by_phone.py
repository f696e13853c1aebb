"""Staff who work wholly by phone: paged by a call, ringing the line, calling back, closing."""

from __future__ import annotations

from typing import Any

import pytest

from hotline import cases, demo, outbox
from hotline.storage.attempt import attempts_of
from hotline.storage.audit_line import all_lines
from hotline.storage.case import get_case
from hotline.storage.staff_member import find_staff_by_name, retire, staff
from hotline.storage.staff_pin import get_pin
from simulator.phones import Phone, PhoneCall
from tests.stories.line import DARA, MOTHER, NUMBER, TOKEN, Line
from tests.stories.switchboard import RawCall, Switchboard

PINS = demo.PINS
DUTY, SECOND = 1, 2


def a_missing_child(line: Line) -> Any:
    """The mother calls; her case. Whoever is on call has got a text."""
    call = line.mother.dial()
    for key in "111":
        call.press(key)
    call.hears("V_MISSING_1")
    call.hang_up()
    line.settle()
    return line.only_case()


def everybody_has_read_their_texts(line: Line) -> None:
    line.settle()
    for phone in (line.dara, line.sophea, line.bopha):
        phone.texts_told = len(phone.inbox)


def dara_picks_up(line: Line) -> PhoneCall:
    """After two minutes the ladder rings who has not answered the text."""
    line.minutes_pass(2.1)
    call = line.dara.is_rung(by=NUMBER).answer()
    call.hears_only("V_STAFF_PAGE")
    return call


def somebody_else_is_asked_at_once(line: Line, *, but_not: str = "Dara") -> None:
    """The clock has not moved; who is rung takes it by text, so that nobody else is rung."""
    line.settle()
    assert line.only_case().state == "open"
    line.company.wait_for(lambda: bool(rung(line)), "nobody else is rung")
    other = rung(line)[0]
    other.texts("1")
    other.is_rung().decline()
    assert line.only_case().claimed_by_name not in (None, but_not)
    everybody_has_read_their_texts(line)


def rung(line: Line) -> list[Phone]:
    lines = [(phone, phone.handset.line) for phone in (line.dara, line.sophea, line.bopha)]
    return [phone for phone, call in lines if call is not None and call.state == "ringing"]


def rings_in(line: Line, name: str = "Dara") -> PhoneCall:
    phone = {"Dara": line.dara, "Sophea": line.sophea, "Bopha": line.bopha}[name]
    call = phone.dial()
    call.hears_only("V_STAFF_HELLO")
    call.press(PINS[name])
    return call


def noted(line: Line) -> list[tuple[str, str]]:
    with line.hotline.reading() as tx:
        return [(row.actor, row.action) for row in all_lines(tx)]


# ---------------------------------------------------------------- paged by a call


def test_paged_by_a_call_dara_gives_the_pin_and_takes_the_case(line: Line) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    call.press(PINS["Dara"])
    call.hears("V_STAFF_MISSING_CHILD", "V_STAFF_P1", "V_STAFF_WAITED", "V_DIGIT_2")
    call.press("1")
    call.hears("V_STAFF_CLAIMED", "V_STAFF_KEY_PLAN", "V_STAFF_KEY_CALL")
    call.press("1")
    call.hears("V_STAFF_CONSENT_UNKNOWN", "V_STAFF_NUMBER_USED", "V_STAFF_WHEN_ANYTIME")
    call.hang_up()
    assert (line.only_case().state, line.only_case().claimed_by_name) == ("claimed", "Dara")
    told = noted(line)
    assert ("staff:1", "sign_in") in told
    assert ("staff:1", "claim") in told
    assert ("staff:1", "read_case") in told
    everybody_has_read_their_texts(line)


def test_an_answering_machine_takes_nothing_and_the_next_is_asked_at_once(line: Line) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    for _ in range(3):
        call.stay_silent()
    call.hears("V_STAFF_BYE")
    call.ends()
    somebody_else_is_asked_at_once(line)


@pytest.mark.parametrize("keys", [[], ["9999"], ["PIN"], ["PIN", "9"]])
def test_whoever_hangs_up_without_an_answer_makes_the_ladder_climb(
    line: Line, keys: list[str]
) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    for key in keys:
        call.press(PINS["Dara"] if key == "PIN" else key)
    call.listens()
    call.hang_up()
    somebody_else_is_asked_at_once(line)


def test_who_cannot_presses_two_and_the_next_is_asked(line: Line) -> None:
    case = a_missing_child(line)
    call = dara_picks_up(line)
    call.press(PINS["Dara"])
    call.press("2")
    call.hears_only("V_STAFF_NEXT", "V_STAFF_BYE")
    call.ends()
    assert "handed_on" in line.happened(case)
    somebody_else_is_asked_at_once(line)


def test_two_take_it_at_the_same_moment_and_one_has_it(line: Line) -> None:
    case = a_missing_child(line)
    first = dara_picks_up(line)
    with line.hotline.transaction() as tx:  # as if the ladder had come to her as well
        outbox.put_call(
            line.hotline, tx, "V_STAFF_PAGE", "second", staff_id=SECOND, case_id=case.id
        )
    line.hotline.ring({"alerts"})
    second = line.sophea.is_rung().answer()
    second.hears_only("V_STAFF_PAGE")
    for call, name in ((first, "Dara"), (second, "Sophea")):
        call.press(PINS[name])
        call.listens()
    second.press("1")
    second.hears("V_STAFF_CLAIMED")
    first.press("1")
    first.hears_only("V_STAFF_ALREADY", "V_STAFF_BYE")
    second.hang_up()
    assert line.only_case().claimed_by_name == "Sophea"
    everybody_has_read_their_texts(line)


def test_without_a_pin_a_page_names_the_console_only(line: Line) -> None:
    a_missing_child(line)
    with line.hotline.transaction() as tx:
        tx.execute(staff.update().values(pin_hash=None))
    line.minutes_pass(2.1)
    call = line.dara.is_rung().answer()
    call.hears_only("V_STAFF_NO_PIN")
    call.ends()
    somebody_else_is_asked_at_once(line)


def test_who_is_retired_while_on_the_phone_hears_goodbye(line: Line) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    call.press(PINS["Dara"])
    call.hears("V_STAFF_MISSING_CHILD")
    with line.hotline.transaction() as tx:
        retire(tx, DUTY)
    call.press("1")
    call.hears_only("V_STAFF_BYE")
    call.ends()
    somebody_else_is_asked_at_once(line)


def test_who_is_no_duty_worker_any_more_hears_goodbye(line: Line) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    call.press(PINS["Dara"])
    call.hears("V_STAFF_MISSING_CHILD")
    with line.hotline.transaction() as tx:
        tx.execute(staff.update().where(staff.c.id == DUTY).values(role="editor"))
    call.press("1")
    call.hears_only("V_STAFF_BYE")
    call.ends()
    somebody_else_is_asked_at_once(line)


# ---------------------------------------------------------------- ringing the line


def test_dara_works_a_case_to_its_end_by_keys(line: Line) -> None:
    case = a_missing_child(line)
    everybody_has_read_their_texts(line)
    call = rings_in(line)
    call.hears("V_STAFF_COUNT", "V_DIGIT_1", "V_STAFF_MISSING_CHILD")
    call.press("1")
    call.hears("V_STAFF_CLAIMED")
    call.press("3")
    call.hears_only("V_STAFF_OUTCOME")
    call.press("1")
    call.hears("V_STAFF_NOTED")
    call.press("5")
    call.hears_only("V_STAFF_CLOSE")
    call.press("1")
    call.hears_only("V_STAFF_CLOSED", "V_STAFF_NO_MORE", "V_STAFF_BYE")
    call.ends()
    assert line.cases() == []
    with line.hotline.reading() as tx:
        closed = get_case(tx, case.id)
    assert (closed.state, closed.outcome) == ("closed", "helped")
    told = noted(line)
    assert [what for who, what in told if who == "staff:1"] == [
        "sign_in", "claim", "attempt", "close",
    ]  # fmt: skip


def test_dara_calls_the_mother_back_over_the_line(line: Line) -> None:
    case = a_missing_child(line)
    call = rings_in(line)
    call.press("1")
    call.press("2")
    call.hears_only("V_STAFF_BRIDGE")
    call.press("1")
    her = line.mother.is_rung(by=NUMBER).answer()
    her.hears_only("V_CB_OUTGOING")
    her.press("1")
    her.hears("V_CB_CONNECTING")
    line.company.wait_for(
        lambda: line.mother.handset.as_json()["call"]["talks_with"] == DARA,
        "they are not connected",
    )
    her.hang_up()
    call.hears("V_STAFF_CONNECTING", "V_STAFF_OUTCOME")
    call.press("1")
    call.hears("V_STAFF_NOTED", "V_STAFF_KEY_PLAN")
    call.press("5")
    call.press("2")  # referred: nobody has written down a handover at the desk
    call.hears("V_STAFF_NO_HANDOVER")
    call.press("5")
    call.press("1")
    call.hears("V_STAFF_CLOSED")
    call.ends()
    with line.hotline.reading() as tx:
        assert get_case(tx, case.id).outcome == "helped"
        assert [row.outcome for row in attempts_of(tx, case.id)] == ["reached"]
    everybody_has_read_their_texts(line)


def test_the_mother_does_not_pick_up_and_that_is_noted_by_itself(line: Line) -> None:
    case = a_missing_child(line)
    call = rings_in(line)
    for key in "121":
        call.press(key)
    line.mother.is_rung().decline()
    call.listens()
    call.hang_up()
    with line.hotline.reading() as tx:
        assert [row.outcome for row in attempts_of(tx, case.id)] in (["busy"], ["no_answer"])
    everybody_has_read_their_texts(line)


def test_outside_the_safe_window_the_line_does_not_ring(line: Line) -> None:
    case = a_missing_child(line)
    call = rings_in(line)
    call.press("1")
    with line.hotline.transaction() as tx:
        cases.add_answers(line.hotline, tx, case.id, plan=[("consent", "no")])
    call.press("2")
    call.press("1")
    call.hears("V_STAFF_REFUSED_NEVER")
    call.hang_up()
    line.mother.is_not_rung()
    everybody_has_read_their_texts(line)


def test_dara_hears_the_voice_message(line: Line) -> None:
    call = line.mother.dial()
    for key in "143":
        call.press(key)
    call.hears("V_PRIVACY", "V_RECORD_PROMPT")
    call.speaks(4)
    call.listens()
    call.hang_up()
    line.settle()
    line.minutes_pass(1)
    call = rings_in(line)
    call.press("1")
    call.hears("V_STAFF_CLAIMED", "V_STAFF_KEY_PLAN", "V_STAFF_KEY_CALL", "V_STAFF_KEY_OUTCOME")
    call.hears("V_STAFF_KEY_VOICE")
    call.press("4")
    assert len(call.listens()) == 1
    call.stay_silent()
    call.hears("V_STAFF_KEY_PLAN")
    call.hang_up()
    assert ("staff:1", "hear_voice_message") in noted(line)
    everybody_has_read_their_texts(line)


def test_a_staff_phone_is_a_callers_phone_as_well(line: Line) -> None:
    call = line.dara.dial()
    call.hears_only("V_STAFF_HELLO")
    call.press("0")
    call.hears("V_WELCOME")
    for key in "111":
        call.press(key)
    call.hears("V_MISSING_1")
    call.hang_up()
    case = line.only_case()
    assert "number_withheld" not in case.flags
    with line.hotline.reading() as tx:
        assert get_case(tx, case.id).caller_id is not None
    everybody_has_read_their_texts(line)


def test_a_child_with_a_staff_phone_who_presses_nothing_reaches_the_line(line: Line) -> None:
    call = line.dara.dial()
    call.stay_silent()
    call.hears_only("V_STAFF_HELLO")
    call.stay_silent()
    call.hears("V_WELCOME")
    call.hang_up()


def test_a_stranger_who_forges_a_staff_number_learns_nothing_and_is_locked_out(
    line: Line,
) -> None:
    a_missing_child(line)
    everybody_has_read_their_texts(line)
    for guesses in (("8642", "8643", "8645"), ("8646", "8647")):
        call = line.dara.dial()
        for guess in guesses:
            call.hears("V_STAFF_HELLO" if guess == guesses[0] else "V_STAFF_BAD_PIN")
            call.press(guess)
        call.ends()
        assert set(call.heard) <= {
            "V_STAFF_HELLO", "V_STAFF_BAD_PIN", "V_STAFF_LOCKED", "V_STAFF_BYE",
        }  # fmt: skip
    assert call.heard[-2:] == ("V_STAFF_LOCKED", "V_STAFF_BYE")
    assert "1" in line.bopha.receives_text().body
    locked = rings_in(line)
    locked.hears_only("V_STAFF_LOCKED", "V_STAFF_BYE")
    locked.ends()
    as_a_caller = line.dara.dial()
    as_a_caller.press("0")
    as_a_caller.hears("V_WELCOME")
    as_a_caller.hang_up()
    line.everyone_has_done_their_work()
    line.company.move_clock(31 * 60)
    after = rings_in(line)
    after.hears_only("V_STAFF_NOTHING", "V_STAFF_BYE")
    after.ends()
    line.minutes_pass(1)
    everybody_has_read_their_texts(line)


def test_staff_without_a_pin_are_callers_like_any(line: Line) -> None:
    with line.hotline.transaction() as tx:
        tx.execute(staff.update().values(pin_hash=None))
    call = line.dara.dial()
    call.hears("V_WELCOME")
    call.hang_up()


def test_who_was_retired_is_a_caller_like_any(line: Line) -> None:
    with line.hotline.transaction() as tx:
        retire(tx, DUTY)
    call = line.dara.dial()
    call.hears("V_WELCOME")
    call.hang_up()


def test_another_case_is_not_read_by_who_does_not_have_it(line: Line) -> None:
    a_missing_child(line)
    taken = rings_in(line, "Sophea")
    taken.press("1")
    taken.hears("V_STAFF_CLAIMED")
    taken.hang_up()
    call = rings_in(line)
    call.hears_only("V_STAFF_NOTHING", "V_STAFF_BYE")
    call.ends()
    everybody_has_read_their_texts(line)


# ---------------------------------------------------------------- told twice


def turns(line: Line) -> RawCall:
    board = Switchboard(line.app, line.address, TOKEN)
    return board.call(DARA)


def test_a_webhook_told_twice_counts_one_wrong_pin(line: Line) -> None:
    call = turns(line)
    call.begins()
    first, again = call.turn(1, "8642"), call.turn(1, "8642")
    assert first.data == again.data
    with line.hotline.reading() as tx:
        dara = find_staff_by_name(tx, "Dara")
        assert get_pin(tx, dara.id).pin_wrong == 1


def test_a_webhook_told_twice_turns_into_a_caller_once(line: Line) -> None:
    call = turns(line)
    call.begins()
    first, again = call.turn(1, "0"), call.turn(1, "0")
    assert first.data == again.data
    assert b"V_WELCOME" in first.data
    assert b"V_WELCOME" not in call.turn(2, "1").data


def test_nothing_personal_is_in_what_the_carrier_reads(line: Line) -> None:
    a_missing_child(line)
    everybody_has_read_their_texts(line)
    call = turns(line)
    said = [call.begins(), call.turn(1, PINS["Dara"]), call.turn(2, "1"), call.turn(3, "1")]
    for answer in said:
        body = answer.get_data(as_text=True)
        for secret in (MOTHER[4:], DARA[4:], PINS["Dara"], "Dara"):
            assert secret not in body
    call.is_over()
    everybody_has_read_their_texts(line)
