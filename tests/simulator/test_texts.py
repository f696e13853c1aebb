"""Texts in and out, receipts, opt-out, and what counts as quiet."""

from __future__ import annotations

import pytest

from simulator.phones import PhoneCompany, Unexpected
from tests.simulator.fake_hotline import TEXTS, FakeHotline

CHILD = "+85596234567"


def send(company: PhoneCompany, hotline: FakeHotline, to: str = CHILD, body: str = "សួស្តី"):
    return company.company.texts.send(
        to, company.account.line, body, f"{hotline.url}/texts/simulator/status"
    )


def states(hotline: FakeHotline) -> list[str]:
    return [form["MessageStatus"] for form in hotline.to("/texts/simulator/status")]


def test_a_child_texts_in_khmer(company: PhoneCompany, hotline: FakeHotline):
    company.phone(CHILD).texts("ជួយ ខ្ញុំ")
    form = hotline.to(TEXTS)[0]
    assert form["Body"] == "ជួយ ខ្ញុំ"
    assert form["From"] == CHILD
    assert form["NumSegments"] == "1"
    company.assert_quiet()


def test_a_text_arrives_with_its_receipts(company: PhoneCompany, hotline: FakeHotline):
    send(company, hotline)
    assert company.phone(CHILD).receives_text(exactly="សួស្តី").segments == 1
    company.assert_quiet()
    assert states(hotline) == ["sent", "delivered"]


def test_an_unexpected_text_fails_the_story(company: PhoneCompany, hotline: FakeHotline):
    send(company, hotline, to="+85511999888")
    with pytest.raises(Unexpected, match="nobody expected"):
        company.assert_quiet()
    with pytest.raises(Unexpected, match="got 'សួស្តី'"):
        company.phone("011 999 888").receives_no_text()


@pytest.mark.parametrize("code", ["30003", "30005", "30007"])
def test_an_undelivered_text_names_its_code(company: PhoneCompany, hotline: FakeHotline, code: str):
    company.arm("receipt", code=code)
    send(company, hotline)
    company.phone(CHILD).receives_no_text()
    last = hotline.to("/texts/simulator/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", code)


def test_somleng_fails_without_a_code_and_repeats_the_body(
    somleng: PhoneCompany, hotline: FakeHotline
):
    somleng.phone(CHILD).switch_off()
    send(somleng, hotline)
    somleng.settle()
    last = hotline.to("/texts/simulator/status")[-1]
    assert last["MessageStatus"] == "failed"
    assert last["Body"] == "សួស្តី"
    assert "ErrorCode" not in last


def test_an_offline_gateway_fails_with_s1002(somleng: PhoneCompany, hotline: FakeHotline):
    somleng.account.gateway_offline = True
    message = send(somleng, hotline)
    somleng.settle()
    assert (message.status, message.error) == ("failed", "S1002")


def test_stop_is_intercepted_only_when_asked_for(company: PhoneCompany, hotline: FakeHotline):
    child = company.phone(CHILD)
    child.texts("STOP")
    child.receives_no_text()
    company.account.intercepts_stop = "advanced"
    child.texts("stop")
    child.receives_text(containing="unsubscribed")
    assert CHILD in company.company.texts.opted_out
    assert hotline.to(TEXTS)[-1]["OptOutType"] == "STOP"
    child.texts("START")
    child.receives_text(containing="re-subscribed")
    assert CHILD not in company.company.texts.opted_out


def test_a_phone_texts_another_phone(company: PhoneCompany, hotline: FakeHotline):
    company.phone(CHILD).texts("hello", to="012 345 678")
    company.phone("+85512345678").receives_text(exactly="hello")
    assert not hotline.asked
