"""Two carriers: when one fails, the other has it at once, and no caller gets anything twice."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from hotline import callers, carrier_choice, errands, outbox, receipts
from hotline.carriers.protocol import (
    Capabilities,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
)
from hotline.core.breaker import CALL, TEXT
from hotline.core.delivery import CALLER, STAFF, Fate
from hotline.core.events import Receipt
from hotline.core.turn import Saying
from hotline.storage.carrier_health import all_health
from hotline.storage.outbox_item import get_item, list_items
from tests.workers.conftest import Office, Trouble
from workers.sending import send_due

CALLER_NUMBER = "+85512345678"
DARA, BOPHA = "+85510111001", "+85510111003"


def a_reply(office: Office, key: str = "text:1:reply") -> None:
    with office.hotline.transaction() as tx:
        caller = callers.meet(office.hotline, tx, CALLER_NUMBER)
        say = (Saying("SMS_RIGHTS"),)
        outbox.put_reply(office.hotline, tx, caller, say, key, language="km", script=None)


def a_page(office: Office, key: str = "page", case_id: int | None = None) -> None:
    from hotline.storage.staff_member import find_staff_by_name

    with office.hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara")
        ask = Saying("STAFF_REPLY", (("code", "1"),))
        outbox.put_page(office.hotline, tx, dara, Saying("STAFF_URGENT"), case_id, key, ask=ask)


def a_call_to_the_caller(office: Office) -> None:
    with office.hotline.transaction() as tx:
        caller = callers.meet(office.hotline, tx, CALLER_NUMBER)
        outbox.put_call(office.hotline, tx, "V_CB_OUTGOING", "call:1", caller_id=caller.id)


def states(office: Office) -> list[tuple[str, str | None]]:
    """State and carrier of every item, oldest first."""
    with office.hotline.transaction() as tx:
        rows = [get_item(tx, item.id) for item in reversed(list_items(tx))]
    return [(row.state, row.carrier) for row in rows if row is not None]


def order(office: Office, direction: str = TEXT, audience: str = STAFF) -> list[str]:
    return [carrier.name for carrier in carrier_choice.order(office.hotline, direction, audience)]


def note(office: Office, fate: Fate, times: int = 1, carrier: str = "somleng") -> list[bool]:
    told = []
    for _ in range(times):
        with office.hotline.transaction() as tx:
            told.append(carrier_choice.note(office.hotline, tx, carrier, TEXT, fate))
    return told


AWAY, LOST = CarrierUnavailable("503"), CarrierUnknown("timeout")
CONFIG, NUMBER = CarrierRefused("20003", "config"), CarrierRefused("21211", "number")
FILTERED = CarrierRefused("30007", "filtered")


@pytest.mark.parametrize("trouble", [AWAY, LOST, CONFIG, NUMBER], ids=lambda t: type(t).__name__)
def test_a_page_goes_by_the_other_carrier_at_once(two_carriers: Office, trouble: Trouble) -> None:
    two_carriers.wire.trouble = [trouble]
    a_page(two_carriers)
    send_due(two_carriers.hotline, "alerts")
    assert [to for to, _ in two_carriers.other.sent][:1] == [DARA]
    assert states(two_carriers)[0] == ("sent", "twilio")


@pytest.mark.parametrize("trouble", [AWAY, CONFIG], ids=lambda t: type(t).__name__)
def test_what_never_left_us_goes_to_a_caller_by_the_other(
    two_carriers: Office, trouble: Trouble
) -> None:
    two_carriers.wire.trouble = [trouble]
    a_reply(two_carriers)
    send_due(two_carriers.hotline, "replies")
    assert [to for to, _ in two_carriers.other.sent] == [CALLER_NUMBER]
    assert states(two_carriers)[0] == ("sent", "twilio")


@pytest.mark.parametrize("put", [a_reply, a_call_to_the_caller], ids=["text", "call"])
@pytest.mark.parametrize(
    ("trouble", "state"), [(LOST, "unknown"), (NUMBER, "failed"), (FILTERED, "failed")]
)
def test_nothing_a_caller_may_have_had_goes_out_again(
    two_carriers: Office, put, trouble: Trouble, state: str
) -> None:
    two_carriers.wire.trouble = [trouble]
    put(two_carriers)
    for _ in range(3):
        send_due(two_carriers.hotline, "replies")
        send_due(two_carriers.hotline, "calls")
        two_carriers.time.pass_by(hours=2)
    assert (two_carriers.wire.sent, two_carriers.other.sent) == ([], [])
    assert (two_carriers.wire.rung, two_carriers.other.rung) == ([], [])
    assert states(two_carriers)[0][0] == state


def test_what_may_have_gone_by_the_second_is_not_sent_again_either(two_carriers: Office) -> None:
    two_carriers.wire.trouble, two_carriers.other.trouble = [AWAY], [LOST]
    a_reply(two_carriers)
    send_due(two_carriers.hotline, "replies")
    assert states(two_carriers) == [("unknown", "twilio")]


def test_with_both_away_a_page_waits_and_goes_as_soon_as_one_is_back(two_carriers: Office) -> None:
    two_carriers.wire.trouble, two_carriers.other.trouble = [AWAY] * 4, [AWAY] * 2
    a_page(two_carriers)
    for _ in range(3):
        send_due(two_carriers.hotline, "alerts")
        two_carriers.time.pass_by(seconds=15)
    assert [to for to, _ in two_carriers.other.sent][:1] == [DARA]


def test_a_page_by_voice_of_unknown_fate_may_ring_twice(two_carriers: Office) -> None:
    from hotline.storage.staff_member import find_staff_by_name

    two_carriers.wire.trouble = [LOST]
    with two_carriers.hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara")
        outbox.put_call(two_carriers.hotline, tx, "V_STAFF_PAGE", "k", staff_id=dara.id)
    send_due(two_carriers.hotline, "alerts")
    assert two_carriers.other.rung == [DARA]


def test_three_failures_put_the_carrier_last_and_a_probe_comes_after_half_a_minute(
    two_carriers: Office,
) -> None:
    note(two_carriers, Fate.UNAVAILABLE, 2)
    assert order(two_carriers) == ["somleng", "twilio"]
    note(two_carriers, Fate.UNKNOWN)
    assert order(two_carriers) == ["twilio", "somleng"]
    assert order(two_carriers, CALL) == ["somleng", "twilio"]
    two_carriers.time.pass_by(seconds=31)
    assert order(two_carriers, audience=CALLER) == ["twilio", "somleng"]
    assert order(two_carriers) == ["somleng", "twilio"]  # one page is risked, and no second
    assert order(two_carriers) == ["twilio", "somleng"]


def test_a_caller_s_text_is_the_probe_only_when_no_page_was_for_long(two_carriers: Office) -> None:
    note(two_carriers, Fate.UNAVAILABLE, 3)
    two_carriers.time.pass_by(minutes=11)
    assert order(two_carriers, audience=CALLER) == ["somleng", "twilio"]


def test_with_all_of_them_passed_over_the_preferred_is_tried(two_carriers: Office) -> None:
    note(two_carriers, Fate.UNAVAILABLE, 3)
    note(two_carriers, Fate.UNAVAILABLE, 3, carrier="twilio")
    assert order(two_carriers) == ["somleng", "twilio"]


def test_faults_of_a_number_never_open_it(two_carriers: Office) -> None:
    note(two_carriers, Fate.REFUSED, 30)
    with two_carriers.hotline.reading() as tx:
        assert all_health(tx) == {}


def test_three_good_ones_and_the_preferred_is_back(two_carriers: Office) -> None:
    note(two_carriers, Fate.UNAVAILABLE, 3)
    note(two_carriers, Fate.ACCEPTED, 3)
    assert order(two_carriers) == ["somleng", "twilio"]


def test_supervisors_are_told_once_by_the_other_carrier_and_without_detail(
    two_carriers: Office,
) -> None:
    two_carriers.wire.trouble = [AWAY] * 9
    for number in range(9):
        a_page(two_carriers, f"page:{number}")
        send_due(two_carriers.hotline, "alerts")
    texts = [body for to, body in two_carriers.other.sent if to == BOPHA]
    assert len(texts) == 1
    assert "somleng" not in texts[0].lower()


def test_a_refusal_for_config_is_told_at_once(two_carriers: Office) -> None:
    two_carriers.wire.trouble = [CONFIG] * 2
    a_page(two_carriers)
    send_due(two_carriers.hotline, "alerts")
    assert [to for to, _ in two_carriers.other.sent] == [DARA, BOPHA]
    assert order(two_carriers) == ["somleng", "twilio"]


def test_with_one_carrier_the_log_is_all_there_is(office: Office) -> None:
    with office.hotline.transaction() as tx:
        told = [
            carrier_choice.note(office.hotline, tx, "simulator", TEXT, Fate.UNAVAILABLE)
            for _ in range(4)
        ]
    assert told == [False] * 4
    assert states(office) == []


def test_many_workers_agree_on_the_health_of_a_carrier(two_carriers: Office) -> None:
    together = threading.Barrier(6)

    def fail() -> None:
        together.wait()
        note(two_carriers, Fate.UNAVAILABLE, 2)

    workers = [threading.Thread(target=fail) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    with two_carriers.hotline.reading() as tx:
        health = all_health(tx)["somleng", TEXT]
    assert (health.is_open, health.openings, health.told) == (True, 1, True)
    assert len(states(two_carriers)) == 1  # one text to one supervisor


def test_one_worker_of_many_probes(two_carriers: Office) -> None:
    note(two_carriers, Fate.UNAVAILABLE, 3)
    two_carriers.time.pass_by(minutes=1)
    together, first = threading.Barrier(6), []

    def ask() -> None:
        together.wait()
        first.append(order(two_carriers)[0])

    workers = [threading.Thread(target=ask) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(first) == ["somleng"] + ["twilio"] * 5


# ------------------------------------------------------------ what an account can


def with_texts(office: Office, first: Capabilities, second: Capabilities) -> Office:
    office.wire.capabilities, office.other.capabilities = first, second
    return office


BOTH_WAYS = Capabilities(True, True, False, True, True)
ONE_WAY = replace(BOTH_WAYS, two_way_texts=False)
NO_TEXTS = replace(ONE_WAY, sends_texts=False)


def test_a_text_that_cannot_be_answered_asks_for_no_reply(two_carriers: Office) -> None:
    office = with_texts(two_carriers, ONE_WAY, BOTH_WAYS)
    a_page(office)
    send_due(office.hotline, "alerts")
    note(office, Fate.UNAVAILABLE, 3)
    a_page(office, "second")
    send_due(office.hotline, "alerts")
    asks = office.hotline.library.text("STAFF_REPLY", "km", None).split("{code}")[0]
    assert asks not in office.wire.sent[0][1]
    assert any(to == DARA and asks in body for to, body in office.other.sent)


def test_an_account_without_texts_is_never_asked_for_one(two_carriers: Office) -> None:
    office = with_texts(two_carriers, NO_TEXTS, BOTH_WAYS)
    assert order(office) == ["twilio"]
    assert order(office, CALL) == ["somleng", "twilio"]


def test_without_any_texts_a_page_is_a_call(two_carriers: Office) -> None:
    office = with_texts(two_carriers, NO_TEXTS, NO_TEXTS)
    case_id = office.open_case()
    send_due(office.hotline, "alerts")
    assert office.wire.rung == [DARA]
    a_page(office, "again, while the phone rings", case_id)
    send_due(office.hotline, "alerts")
    assert office.wire.rung == [DARA]
    assert office.wire.sent == []


# ------------------------------------------------------------ what receipts tell


def told(office: Office, state: str, error: str | None, sid: str = "SM1") -> frozenset[str]:
    receipt = Receipt("somleng", sid, "text", state, error, 5)
    with office.hotline.transaction() as tx:
        return receipts.take_receipt(office.hotline, tx, receipt)


@pytest.mark.parametrize("code", ["30008", "30003", "30005", "30002", None])
def test_a_page_that_was_lost_goes_again_by_the_other_once(
    two_carriers: Office, code: str | None
) -> None:
    a_page(two_carriers)
    send_due(two_carriers.hotline, "alerts")
    assert "alerts" in told(two_carriers, "failed", code)
    assert told(two_carriers, "failed", code) == frozenset()  # told twice
    send_due(two_carriers.hotline, "alerts")
    assert [to for to, _ in two_carriers.other.sent][:1] == [DARA]
    assert states(two_carriers)[0] == ("sent", "twilio")
    told(two_carriers, "failed", code)
    send_due(two_carriers.hotline, "alerts")
    assert states(two_carriers)[0] == ("sent", "twilio")


def test_a_page_that_arrived_after_all_is_not_sent_again(two_carriers: Office) -> None:
    a_page(two_carriers)
    send_due(two_carriers.hotline, "alerts")
    told(two_carriers, "undelivered", "30008")
    told(two_carriers, "delivered", None)
    send_due(two_carriers.hotline, "alerts")
    assert two_carriers.other.sent == []
    assert states(two_carriers) == [("delivered", "somleng")]


def test_a_filtered_page_is_not_repeated_but_told(two_carriers: Office) -> None:
    case_id = two_carriers.open_case()
    send_due(two_carriers.hotline, "alerts")
    assert {"alerts", "chores"} <= told(two_carriers, "undelivered", "30007")
    send_due(two_carriers.hotline, "alerts")
    assert BOPHA in [to for to, _ in two_carriers.wire.sent]
    assert states(two_carriers)[0] == ("undelivered", "somleng")
    assert case_id


def test_with_one_carrier_a_lost_page_is_left_to_the_ladder(office: Office) -> None:
    office.wire.name = "somleng"
    a_page(office)
    office.hotline.carriers["simulator"].name = "somleng"  # type: ignore[misc]
    send_due(office.hotline, "alerts")
    told(office, "undelivered", "30008")
    send_due(office.hotline, "alerts")
    assert len(office.wire.sent) == 1


def test_a_callers_lost_text_is_never_sent_again(two_carriers: Office) -> None:
    a_reply(two_carriers)
    send_due(two_carriers.hotline, "replies")
    told(two_carriers, "failed", "30008")
    send_due(two_carriers.hotline, "replies")
    assert len(two_carriers.wire.sent) == 1
    assert two_carriers.other.sent == []


def test_a_carrier_that_loses_what_it_took_is_passed_over(two_carriers: Office) -> None:
    for number in range(3):
        a_reply(two_carriers, f"text:{number}:reply")
    send_due(two_carriers.hotline, "replies")
    for number in range(3):
        told(two_carriers, "failed", "S1002", f"SM{number + 1}")
    assert order(two_carriers) == ["twilio", "somleng"]


def test_phones_that_are_off_say_nothing_of_the_carrier(two_carriers: Office) -> None:
    for number in range(5):
        a_reply(two_carriers, f"text:{number}:reply")
    send_due(two_carriers.hotline, "replies")
    for number in range(5):
        told(two_carriers, "undelivered", "30003", f"SM{number + 1}")
    assert order(two_carriers) == ["somleng", "twilio"]


def test_no_more_is_claimed_than_is_sent_at_once(office: Office) -> None:
    for number in range(errands.AT_ONCE + 3):
        a_reply(office, f"text:{number}:reply")
    assert len(errands.claim_due(office.hotline, "replies", "one")) == errands.AT_ONCE
