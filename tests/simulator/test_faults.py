"""Faults on demand, webhooks that cannot be delivered, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.__main__ import build, main, read_arguments
from simulator.clock import Clock
from simulator.handset import to_e164
from simulator.phones import PhoneCompany
from simulator.segments import count_segments
from simulator.server import NotLoopback
from tests.simulator.fake_hotline import INCOMING, TEXTS, FakeHotline, menu

CHILD = "+85596234567"


def receipts(hotline: FakeHotline) -> list[str]:
    return [form["MessageStatus"] for form in hotline.to("/texts/simulator/status")]


def send(company: PhoneCompany, hotline: FakeHotline) -> None:
    address = f"{hotline.url}/texts/simulator/status"
    company.company.texts.send(CHILD, company.account.line, "x", address)
    company.phone(CHILD).receives_text()
    company.settle()


def test_a_duplicate_carries_the_same_token(company: PhoneCompany, hotline: FakeHotline):
    company.arm("duplicate", place="text")
    company.phone(CHILD).texts("1")
    first, second = hotline.asked
    assert first.form == second.form
    assert first.token == second.token


def test_a_lost_webhook_never_comes(company: PhoneCompany, hotline: FakeHotline):
    company.arm("lose", place="receipt", times=2)
    send(company, hotline)
    assert receipts(hotline) == []


def test_receipts_come_out_of_order(company: PhoneCompany, hotline: FakeHotline):
    company.arm("reorder")
    send(company, hotline)
    assert receipts(hotline) == ["delivered", "sent"]


def test_a_receipt_may_never_say_delivered(company: PhoneCompany, hotline: FakeHotline):
    company.arm("no_receipt")
    send(company, hotline)
    assert receipts(hotline) == ["sent"]


def test_a_stalled_webhook_comes_late(company: PhoneCompany, hotline: FakeHotline):
    company.arm("stall", place="text", seconds=0.2)
    began = time.monotonic()
    company.phone(CHILD).texts("1")
    assert time.monotonic() - began > 0.2
    assert company.log("text")[0].faults == ["stall"]


def test_a_bad_signature_is_bad(company: PhoneCompany, hotline: FakeHotline):
    company.arm("bad_signature")
    company.phone(CHILD).texts("1")
    company.phone(CHILD).texts("1")
    bad, good = hotline.asked
    assert bad.signature.startswith("=")
    assert not good.signature.startswith("=")


def test_who_listens_to_the_log_hears_every_entry(company: PhoneCompany, hotline: FakeHotline):
    heard: list[str] = []
    company.exchange.log.when_added(lambda entry: heard.append(entry.kind))
    company.phone(CHILD).texts("1")
    assert heard == ["text"]


def test_an_unknown_fault_is_named(company: PhoneCompany):
    with pytest.raises(ValueError, match="no fault 'fire'"):
        company.arm("fire")


def test_a_dead_hotline_is_tried_twice_and_reported(open_company: Callable[..., PhoneCompany]):
    company = open_company()
    company.webhooks = "http://127.0.0.1:9"
    call = company.phone(CHILD).dial()
    call.hears_words("application error")
    call.ends()
    assert company.forgive_problems()[0].startswith("11210")


def test_every_webhook_is_in_the_log(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = menu("V_WELCOME")
    company.phone(CHILD).dial().hang_up()
    entries = company.log()
    assert [entry.kind for entry in entries] == ["call", "call status"]
    assert entries[0].status == 200
    assert "V_WELCOME" in entries[0].body
    assert entries[0].fields["From"] == CHILD


def test_the_clock_moves_forward_and_is_written(tmp_path: Path):
    file = tmp_path / "clock"
    clock = Clock(file)
    before = clock.now()
    clock.move(1800)
    assert file.read_text() == "1800\n"
    assert (clock.now() - before).total_seconds() >= 1800
    assert Clock(file).moved_by == 1800
    with pytest.raises(ValueError, match="only goes forward"):
        clock.move(-1)


def test_moving_the_clock_ends_a_silence(
    open_company: Callable[..., PhoneCompany], hotline: FakeHotline
):
    hotline.answers[INCOMING] = menu("V_WELCOME").replace('timeout="5"', 'timeout="300"')
    company = open_company(pace=1.0)
    call = company.phone(CHILD).dial()
    call.listens()
    company.move_clock(300)
    assert call.ends() == "completed"
    assert hotline.to("/turn")[0]["Digits"] == ""


def test_a_key_stops_the_prompt_it_interrupts(
    open_company: Callable[..., PhoneCompany], hotline: FakeHotline
):
    hotline.answers[INCOMING] = menu("V_LONG", "V_NEVER_HEARD")
    hotline.answers["/turn"] = "<Response><Play>{url}/audio/km/V_PLAIN.a.mp3</Play></Response>"
    company = open_company(pace=0.5)
    call = company.phone(CHILD).dial()
    call.hears("V_LONG")
    call.interrupts("2")
    call.hears("V_PLAIN")
    call.presses_in_vain("1")
    call.ends()
    assert call.heard == ("V_LONG", "V_PLAIN")
    assert [form["Digits"] for form in hotline.to("/turn")] == ["2"]


def test_it_refuses_to_be_reached_by_others(capsys: pytest.CaptureFixture[str]):
    keys = ["--port", "0", "--account-sid", "AC1", "--auth-token", "t", "--host", "0.0.0.0"]
    with pytest.raises(NotLoopback):
        build(read_arguments(keys))
    assert main(keys) == 2
    assert "not this machine" in capsys.readouterr().err


def test_texts_of_the_demo_phones_survive_a_restart_and_no_others(tmp_path: Path):
    keys = ["--port", "0", "--account-sid", "AC1", "--auth-token", "t", "--data", str(tmp_path)]
    company, server = build(read_arguments(keys))
    server.start()
    for number in (CHILD, "+85511222333"):
        company.texts.send(number, "+85523900900", "សួស្តី")
    assert company.exchange.errands.settle(10)
    company.close()
    server.stop()
    again, server = build(read_arguments(keys))
    server.stop()
    again.exchange.close()
    phones = {phone.number: phone for phone in again.exchange.phones.all()}
    assert [text.body for text in phones[CHILD].texts] == ["សួស្តី"]
    assert "+85511222333" not in (tmp_path / "simulator.json").read_text()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("012 345 678", "+85512345678"),
        ("+855 12 345 678", "+85512345678"),
        ("0085512345678", "+85512345678"),
        ("1294", "1294"),
    ],
)
def test_numbers_in_any_spelling(written: str, read: str):
    assert to_e164(written) == read


@pytest.mark.parametrize(
    ("text", "segments"),
    [("a" * 160, 1), ("a" * 161, 2), ("ក" * 70, 1), ("ក" * 71, 2), ("ក" * 135, 3), ("", 1)],
)
def test_segments(text: str, segments: int):
    assert count_segments(text) == segments


def test_somleng_redelivers_a_text_when_the_connection_fails(somleng: PhoneCompany):
    with FakeHotline() as short_lived:
        somleng.webhooks = short_lived.url
    child = somleng.phone(CHILD)
    somleng.company.texts.write(child.handset, somleng.account.line, "ជួយ")
    with FakeHotline(port=int(short_lived.url.rsplit(":", 1)[1])) as back:
        somleng.settle()
        assert [form["Body"] for form in back.to(TEXTS)] == ["ជួយ"]
