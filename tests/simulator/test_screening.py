"""A Dial that asks the person rung first: let through, kept apart, given up; and who ignores it."""

from __future__ import annotations

from simulator.phones import PhoneCompany
from tests.simulator.fake_hotline import INCOMING, FakeHotline, menu

MOTHER, DARA = "+85512345678", "+85510111001"
DIAL = (
    '<Response><Play>{url}/audio/km/V_RINGING.a.mp3</Play><Dial action="{url}/done" timeout="25" '
    'callerId="+85523900900"><Number url="{url}/ask?t=b7" method="POST">+85512345678</Number>'
    "</Dial></Response>"
)


def ask_first(hotline: FakeHotline, then: str = "<Response/>") -> None:
    """Dara's call rings the mother, who is asked; a key leads to `then`."""
    hotline.answers[INCOMING] = DIAL
    hotline.answers["/ask"] = menu("V_QUESTION")
    hotline.answers["/turn"] = then
    hotline.answers["/done"] = menu("V_HOW_DID_IT_GO")


def test_who_presses_the_key_is_connected(company: PhoneCompany, hotline: FakeHotline):
    ask_first(hotline)
    dara, mother = company.phone(DARA), company.phone(MOTHER)
    staff = dara.dial()
    caller = mother.is_rung(by="+85523900900").answer()
    caller.hears_only("V_QUESTION")
    assert dara.handset.as_json()["call"]["talks_with"] is None
    caller.press("1")
    company.wait_for(lambda: bool(talks_with(mother)), "they are not connected")
    assert (talks_with(dara), talks_with(mother)) == (MOTHER, DARA)
    asked = hotline.to("/ask")[0]
    assert (asked["To"], asked["From"]) == (MOTHER, "+85523900900")
    assert asked["Direction"] == "outbound-dial"
    assert asked["ParentCallSid"] == staff.sid
    caller.hang_up()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert hotline.to("/done")[0]["DialCallStatus"] == "completed"
    assert talks_with(dara) is None
    staff.hang_up()
    company.assert_quiet()


def talks_with(phone) -> str | None:
    return phone.handset.as_json()["call"]["talks_with"]


def test_a_hangup_in_the_document_keeps_them_apart(company: PhoneCompany, hotline: FakeHotline):
    ask_first(hotline, "<Response><Hangup/></Response>")
    staff = company.phone(DARA).dial()
    caller = company.phone(MOTHER).is_rung().answer()
    caller.press("3")
    caller.ends()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert hotline.to("/done")[0]["DialCallStatus"] == "no-answer"
    staff.hang_up()


def test_who_hangs_up_on_the_question_is_not_connected(company, hotline: FakeHotline):
    ask_first(hotline)
    staff = company.phone(DARA).dial()
    caller = company.phone(MOTHER).is_rung().answer()
    caller.hears("V_QUESTION")
    caller.hang_up()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert hotline.to("/done")[0]["DialCallStatus"] == "no-answer"
    staff.hang_up()


def test_the_question_ends_when_the_other_side_puts_the_phone_down(company, hotline: FakeHotline):
    ask_first(hotline)
    staff = company.phone(DARA).dial()
    caller = company.phone(MOTHER).is_rung().answer()
    caller.hears("V_QUESTION")
    staff.hang_up()
    caller.ends()
    assert not hotline.to("/done")
    company.assert_quiet()


def test_a_phone_that_is_off_is_not_asked(company: PhoneCompany, hotline: FakeHotline):
    ask_first(hotline)
    company.phone(MOTHER).switch_off()
    staff = company.phone(DARA).dial()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert not hotline.to("/ask")
    assert hotline.to("/done")[0]["DialCallStatus"] == "no-answer"
    staff.hang_up()


def test_a_dial_inside_the_question_is_a_problem(company: PhoneCompany, hotline: FakeHotline):
    ask_first(hotline)
    hotline.answers["/ask"] = "<Response><Dial>+85510111002</Dial><Hangup/></Response>"
    staff = company.phone(DARA).dial()
    company.phone(MOTHER).is_rung().answer()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert "13214" in company.forgive_problems()[0]
    staff.hang_up()


def test_somleng_asks_nobody(somleng: PhoneCompany, hotline: FakeHotline):
    ask_first(hotline)
    staff = somleng.phone(DARA).dial()
    caller = somleng.phone(MOTHER).is_rung().answer()
    somleng.wait_for(lambda: bool(talks_with(somleng.phone(MOTHER))), "they are not connected")
    assert not hotline.to("/ask")
    caller.hang_up()
    staff.hears("V_RINGING", "V_HOW_DID_IT_GO")
    assert hotline.to("/done")[0]["DialCallStatus"] == "completed"
    staff.hang_up()
