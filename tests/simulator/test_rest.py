"""The REST API, called by the real SDK with only its base address replaced."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator.phones import PhoneCompany
from simulator.signature import sign
from tests.simulator.fake_hotline import FakeHotline, menu

LINE = "+85523900900"
DARA = "+85510111001"


def client_of(company: PhoneCompany) -> Client:
    client = Client(company.account.sid, company.account.token)
    client.api.base_url = company.api_url
    return client


def code_of(act: Callable[[], object]) -> tuple[int, object]:
    with pytest.raises(TwilioRestException) as refused:
        act()
    return refused.value.status, refused.value.code


def test_the_sdk_sends_lists_fetches_redacts_and_deletes_a_text(company: PhoneCompany):
    client = client_of(company)
    sent = client.messages.create(to=DARA, from_=LINE, body="ក្លឹប 7K2")
    assert sent.status == "queued"
    assert sent.num_segments == "1"
    company.phone(DARA).receives_text(exactly="ក្លឹប 7K2")
    company.assert_quiet()
    assert client.messages(sent.sid).fetch().status == "delivered"
    assert [each.sid for each in client.messages.list(to=DARA, date_sent_after=sent.date_created)]
    assert client.messages.list(to="+85599999999") == []
    client.messages(sent.sid).update(body="")
    assert client.messages(sent.sid).fetch().body == ""
    assert client.messages(sent.sid).delete()
    assert code_of(client.messages(sent.sid).fetch) == (404, 20404)


def test_lists_come_in_pages(company: PhoneCompany):
    client = client_of(company)
    for number in range(5):
        client.messages.create(to=DARA, from_=LINE, body=str(number))
    assert len(client.messages.list(page_size=2)) == 5
    company.settle()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "012345678", "from_": LINE, "body": "x"}, 21211),
        ({"to": DARA, "from_": "+85511111111", "body": "x"}, 21606),
        ({"to": DARA, "from_": LINE, "body": ""}, 21602),
        ({"to": DARA, "from_": LINE, "body": "x" * 1601}, 21617),
        ({"to": DARA, "from_": LINE, "body": "x", "status_callback": "/relative"}, 21609),
    ],
)
def test_a_wrong_text_is_refused(company: PhoneCompany, fields: dict[str, str], code: int):
    assert code_of(lambda: client_of(company).messages.create(**fields)) == (400, code)


def test_somleng_refuses_with_422_and_a_string(somleng: PhoneCompany):
    client = client_of(somleng)
    assert code_of(lambda: client.messages.create(to=DARA, from_=LINE, body="x" * 1601)) == (
        422,
        "20422",
    )


def test_an_opted_out_number_is_refused(company: PhoneCompany):
    company.account.intercepts_stop = "basic"
    dara = company.phone(DARA)
    dara.texts("STOP")
    dara.receives_text()
    create = client_of(company).messages.create
    assert code_of(lambda: create(to=DARA, from_=LINE, body="x")) == (400, 21610)


def test_a_wrong_password_is_refused(company: PhoneCompany):
    client = Client(company.account.sid, "wrong")
    client.api.base_url = company.api_url
    assert code_of(lambda: client.messages.create(to=DARA, from_=LINE, body="x")) == (401, 20003)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("refuse", 400, 21211), ("rate_limit", 429, 20429), ("server_error", 500, 20500)],
)
def test_an_armed_refusal_strikes_once(company: PhoneCompany, kind: str, status: int, code: int):
    company.arm(kind, place="messages")
    create = client_of(company).messages.create
    assert code_of(lambda: create(to=DARA, from_=LINE, body="x")) == (status, code)
    create(to=DARA, from_=LINE, body="x")
    company.phone(DARA).receives_text()


def test_a_cut_connection_leaves_the_fate_of_a_text_unknown(company: PhoneCompany):
    company.arm("cut", place="messages")
    with pytest.raises(requests.ConnectionError):
        client_of(company).messages.create(to=DARA, from_=LINE, body="x")
    company.phone(DARA).receives_text(exactly="x")


def test_a_slow_answer_is_an_answer(company: PhoneCompany):
    company.arm("slow", place="messages", seconds=0.2)
    began = time.monotonic()
    client_of(company).messages.create(to=DARA, from_=LINE, body="x")
    assert time.monotonic() - began > 0.2
    company.phone(DARA).receives_text(exactly="x")


def test_a_placed_call_rings_is_answered_and_reports(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers["/answer"] = menu("V_ALERT")
    events = ["initiated", "ringing", "answered", "completed"]
    call = client_of(company).calls.create(
        to=DARA,
        from_=LINE,
        url=f"{hotline.url}/answer?ref=%E1%9E%80",
        status_callback=f"{hotline.url}/status",
        status_callback_event=events,
    )
    talk = company.phone(DARA).is_rung(by=LINE).answer()
    talk.hears("V_ALERT")
    talk.hang_up()
    assert [each["CallStatus"] for each in hotline.to("/status")] == [
        "initiated", "ringing", "in-progress", "completed",
    ]  # fmt: skip
    assert [each["SequenceNumber"] for each in hotline.to("/status")] == ["0", "1", "2", "3"]
    assert client_of(company).calls(call.sid).fetch().status == "completed"
    company.assert_quiet()


def test_somleng_sends_one_callback_and_says_ringing_first(
    somleng: PhoneCompany, hotline: FakeHotline
):
    hotline.answers["/answer"] = menu("V_ALERT")
    client_of(somleng).calls.create(
        to=DARA, from_=LINE, url=f"{hotline.url}/answer", status_callback=f"{hotline.url}/status"
    )
    somleng.phone(DARA).is_rung().answer().hang_up()
    assert hotline.to("/answer")[0]["CallStatus"] == "ringing"
    assert [each["SequenceNumber"] for each in hotline.to("/status")] == ["0"]


@pytest.mark.parametrize(("dialect", "declined"), [("twilio", "busy"), ("somleng", "no-answer")])
def test_a_call_that_nobody_takes(
    open_company: Callable[..., PhoneCompany], hotline: FakeHotline, dialect: str, declined: str
):
    company = open_company(dialect=dialect)
    dara, calls = company.phone(DARA), client_of(company).calls

    def place() -> str:
        return calls.create(to=DARA, from_=LINE, url=hotline.url).sid

    first = place()
    dara.is_rung().decline()
    second = place()
    dara.is_rung().ignore()
    dara.switch_off()
    third = place()
    company.wait_for(
        lambda: all(call.is_over() for call in company.company.calls.all()), "not over"
    )
    states = [calls(sid).fetch().status for sid in (first, second, third)]
    assert states == [declined, "no-answer", "no-answer"]
    assert hotline.asked == []


def test_the_api_cancels_ends_and_redirects_calls(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers["/answer"] = menu("V_ALERT")
    hotline.answers["/other"] = menu("V_OTHER")
    calls, dara = client_of(company).calls, company.phone(DARA)
    ringing = calls.create(to=DARA, from_=LINE, url=f"{hotline.url}/answer")
    dara.is_rung()
    calls(ringing.sid).update(status="canceled")
    company.wait_for(lambda: not dara.handset.is_busy(), "still ringing")
    assert calls(ringing.sid).fetch().status == "canceled"
    live = calls.create(to=DARA, from_=LINE, url=f"{hotline.url}/answer")
    talk = dara.is_rung().answer()
    talk.hears("V_ALERT")
    calls(live.sid).update(url=f"{hotline.url}/other", method="POST")
    talk.hears("V_OTHER")
    calls(live.sid).update(status="completed")
    assert talk.ends() == "completed"
    assert code_of(lambda: calls(live.sid).update(status="completed"))[1] == 21220


def test_every_webhook_is_signed_as_the_validator_expects(
    company: PhoneCompany, hotline: FakeHotline
):
    company.phone(DARA).texts("ជួយ + & = ?")
    asked = hotline.asked[0]
    validator = RequestValidator(company.account.token)
    assert validator.validate(asked.url, asked.form, asked.signature)
    assert asked.token
    assert sign("12345", "https://a.example/x?y=1", {"b": "2", "a": "១"}) == RequestValidator(
        "12345"
    ).compute_signature("https://a.example/x?y=1", {"b": "2", "a": "១"})
