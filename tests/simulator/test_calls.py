"""Inbound calls: what is heard, which keys count, how a call ends, in both dialects."""

from __future__ import annotations

import pytest

from simulator.phones import PhoneCompany, Unexpected
from tests.simulator.fake_hotline import INCOMING, STATUS, FakeHotline, menu

MOTHER = "+85512345678"


def test_a_mother_dials_hears_presses_and_hangs_up(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_WELCOME")
    hotline.answers["/turn"] = menu("V_FIRST_FACT", "V_MAIN_MENU")
    call = company.phone(MOTHER).dial()
    call.hears_only("V_WELCOME")
    call.press("1")
    call.hears_only("V_FIRST_FACT", "V_MAIN_MENU")
    call.hang_up()
    company.assert_quiet()
    first = hotline.to(INCOMING)[0]
    assert first["From"] == MOTHER
    assert first["CallStatus"] == "ringing"
    assert first["Direction"] == "inbound"
    assert first["CallSid"] == call.sid
    assert [form["Digits"] for form in hotline.to("/turn")] == ["1"]
    last = hotline.to(STATUS)[0]
    assert last["CallStatus"] == "completed"
    assert int(last["CallDuration"]) >= 1


def test_silence_asks_the_action_with_empty_digits(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_WELCOME")
    call = company.phone(MOTHER).dial()
    call.stay_silent()
    assert call.ends() == "completed"
    assert hotline.to("/turn")[0]["Digits"] == ""


def test_silence_on_somleng_has_no_digits_key(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_WELCOME")
    call = somleng.phone(MOTHER).dial()
    call.stay_silent()
    call.ends()
    turn = hotline.to("/turn")[0]
    assert "Digits" not in turn
    assert turn["CallStatus"] == "in-progress"
    assert len(call.sid) == 36


def test_silence_without_action_on_empty_falls_through(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = (
        '<Response><Gather numDigits="1" action="{url}/turn"/>'
        "<Play>{url}/audio/km/V_GOODBYE.a.mp3</Play></Response>"
    )
    call = company.phone(MOTHER).dial()
    call.stay_silent()
    call.hears("V_GOODBYE")
    assert call.ends() == "completed"
    assert not hotline.to("/turn")


def test_finishing_key_is_taken_off_the_digits(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_NUMBER", digits=15)
    call = company.phone(MOTHER).dial()
    call.press("012345678#")
    call.ends()
    turn = hotline.to("/turn")[0]
    assert turn["Digits"] == "012345678"
    assert turn["FinishedOnKey"] == "#"


def test_somleng_ignores_a_finishing_key_that_comes_first(
    somleng: PhoneCompany, hotline: FakeHotline
):
    hotline.answers[INCOMING] = menu("V_NUMBER", digits=15)
    call = somleng.phone(MOTHER).dial()
    call.press("#12")
    call.ends()
    assert hotline.to("/turn")[0]["Digits"] == "12"


def test_reject_leaves_the_call_unanswered(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = '<Response><Reject reason="busy"/></Response>'
    call = company.phone(MOTHER).dial()
    assert call.ends() == "busy"
    status = hotline.to(STATUS)[0]
    assert status["CallStatus"] == "busy"
    assert status["CallDuration"] == "0"


def test_a_redirect_goes_to_a_relative_address(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = "<Response><Redirect>../../next?n=2</Redirect></Response>"
    hotline.answers["/next"] = menu("V_NEXT")
    call = company.phone(MOTHER).dial()
    call.hears("V_NEXT")
    call.hang_up()
    assert hotline.asked[1].query == {"n": "2"}
    assert hotline.asked[1].method == "POST"


def test_redirects_are_bounded(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = (
        "<Response><Redirect>{url}/calls/simulator/incoming</Redirect></Response>"
    )
    call = company.phone(MOTHER).dial()
    call.hears_words("application error")
    call.ends()
    assert len(hotline.to(INCOMING)) == 51
    assert "redirects" in company.forgive_problems()[0]


@pytest.mark.parametrize(
    "broken", ["<html/>", "\n<?xml version='1.0'?><Response/>", "no", ("<Response/>", 500)]
)
def test_a_broken_answer_is_spoken_on_twilio(
    company: PhoneCompany, hotline: FakeHotline, broken: str
):
    hotline.answers[INCOMING] = broken
    call = company.phone(MOTHER).dial()
    call.hears_words("application error")
    assert call.ends() == "completed"
    with pytest.raises(Unexpected, match="not quiet"):
        company.assert_quiet()


def test_a_broken_answer_is_silent_on_somleng(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = "<html/>"
    call = somleng.phone(MOTHER).dial()
    assert call.ends() == "completed"
    assert call.heard == ()


def test_an_unknown_verb_ends_a_somleng_call_only(
    company: PhoneCompany, somleng: PhoneCompany, hotline: FakeHotline
):
    hotline.answers[INCOMING] = (
        "<Response><Enqueue/><Play>{url}/audio/km/V_HELLO.a.mp3</Play></Response>"
    )
    for phones, heard in ((company, ("V_HELLO",)), (somleng, ())):
        call = phones.phone(MOTHER).dial()
        call.ends()
        assert call.heard == heard
        assert "12200" in phones.forgive_problems()[0]


def test_a_relative_play_fails_loudly_on_somleng(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = "<Response><Play>/audio/km/V_HELLO.a.mp3</Play></Response>"
    call = somleng.phone(MOTHER).dial()
    call.ends()
    assert "whole address" in somleng.forgive_problems()[0]


def test_a_missing_sound_is_a_problem(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_GONE")
    hotline.answers["/audio/km/V_GONE.abc.mp3"] = ("gone", 404)
    call = company.phone(MOTHER).dial()
    call.hears("V_GONE")
    call.hang_up()
    assert "status 404" in company.forgive_problems()[0]


def test_a_withheld_number_is_named_as_twilio_names_it(company: PhoneCompany, hotline: FakeHotline):
    mother = company.phone(MOTHER)
    mother.withhold_number()
    mother.dial().ends()
    assert hotline.to(INCOMING)[0]["From"] == "+266696687"


def test_somleng_drops_a_caller_without_a_number(somleng: PhoneCompany, hotline: FakeHotline):
    mother = somleng.phone(MOTHER)
    mother.withhold_number()
    assert mother.dial().ends() == "failed"
    assert not hotline.asked


def test_dial_connects_two_phones(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = (
        '<Response><Dial action="{url}/done"><Number>+85510111001</Number></Dial></Response>'
    )
    mother, dara = company.phone(MOTHER), company.phone("010 111 001")
    call = mother.dial()
    talk = dara.is_rung().answer()
    talk.hang_up()
    assert call.ends() == "completed"
    assert hotline.to("/done")[0]["DialCallStatus"] == "completed"


def test_nobody_answers_a_dial(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = (
        '<Response><Dial action="{url}/done"><Number>+85510111001</Number></Dial></Response>'
    )
    call = company.phone(MOTHER).dial()
    company.phone("010 111 001").is_rung().ignore()
    call.ends()
    assert hotline.to("/done")[0]["DialCallStatus"] == "no-answer"


def test_one_phone_calls_another_past_the_hotline(company: PhoneCompany, hotline: FakeHotline):
    dara, mother = company.phone("+85510111001"), company.phone(MOTHER)
    call = dara.dial(MOTHER)
    mother.is_rung(by="+85510111001").answer()
    call.hang_up()
    company.assert_quiet()
    assert not hotline.asked


def test_a_story_that_tells_another_prompt_fails(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_WELCOME")
    call = company.phone(MOTHER).dial()
    with pytest.raises(Unexpected, match="hears V_WELCOME, not V_MAIN"):
        call.hears("V_MAIN")
    call.hang_up()
    with pytest.raises(Unexpected, match="call is over"):
        call.press("1")
