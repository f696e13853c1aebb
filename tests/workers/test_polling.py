"""Messages and calls whose end nobody told: the carrier is asked, ever more seldom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline import ladder, outbox, receipts
from hotline.carriers.protocol import CarrierUnavailable
from hotline.core.events import CallStatus, Receipt
from hotline.core.turn import Saying
from hotline.storage import outbox_item
from hotline.storage.carrier_health import all_health, count_polls
from hotline.storage.outbox_item import get_item, list_items
from hotline.storage.staff_member import find_staff_by_name
from tests.workers.conftest import Office
from workers.polling import ask_after_late
from workers.sending import send_due


@pytest.fixture
def office(office: Office) -> Office:
    """Under the name of a carrier that skips receipts."""
    office.wire.name = "somleng"
    return replace(office, hotline=replace(office.hotline, carriers={"somleng": office.wire}))  # type: ignore[dict-item]


def a_page(office: Office, key: str = "page", *, by_voice: bool = False) -> None:
    """A page about nothing, so that no ladder goes on."""
    with office.hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara")
        if by_voice:
            outbox.put_call(office.hotline, tx, "V_STAFF_PAGE", key, staff_id=dara.id)
        else:
            outbox.put_page(office.hotline, tx, dara, Saying("STAFF_URGENT"), None, key)
    send_due(office.hotline, "alerts")


def text(state: str, error: str | None = None, sid: str = "SM1") -> Receipt:
    return Receipt("somleng", sid, "text", state, error, 5)


def call(state: str) -> CallStatus:
    return CallStatus("somleng", "CA1", state, None, None, outbound=True)


def state(office: Office) -> str:
    with office.hotline.transaction() as tx:
        (item,) = list_items(tx)
        row = get_item(tx, item.id)
        assert row is not None
        return str(row.state)


def asked_at(office: Office, minutes: int) -> list[int]:
    """In which of the coming minutes the carrier is asked."""
    found = []
    for minute in range(1, minutes + 1):
        office.time.pass_by(minutes=1)
        if ask_after_late(office.hotline):
            found.append(minute)
    return found


def test_a_text_without_a_receipt_is_asked_after_and_its_end_taken_down(office: Office) -> None:
    a_page(office)
    assert ask_after_late(office.hotline) == 0
    office.wire.states["SM1"] = text("delivered")
    office.time.pass_by(seconds=61)
    assert ask_after_late(office.hotline) == 1
    assert state(office) == "delivered"
    assert asked_at(office, 5) == []


def test_it_is_asked_ever_more_seldom_and_at_last_no_more(office: Office) -> None:
    a_page(office)
    office.wire.states["SM1"] = text("sent")
    assert asked_at(office, 200) == [1, 3, 8, 23, 83]
    assert state(office) == "sent"


def test_a_receipt_that_races_our_own_mark_is_not_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_page(office)
    # Looked for a moment before the mark was committed: then only the ticket finds the row.
    monkeypatch.setattr(outbox_item, "find_by_sid", lambda *_: None)
    with office.hotline.transaction() as tx:
        (item,) = list_items(tx)
        lost = replace(text("undelivered", "30003"), ticket=str(item.id))
        receipts.take_receipt(office.hotline, tx, lost)
    assert state(office) == "undelivered"


def test_a_ticket_with_the_id_of_another_message_changes_nothing(office: Office) -> None:
    a_page(office)
    with office.hotline.transaction() as tx:
        (item,) = list_items(tx)
        forged = replace(text("undelivered", "30003", sid="SM999"), ticket=str(item.id))
        receipts.take_receipt(office.hotline, tx, forged)
    assert state(office) == "sent"


def test_a_receipt_that_came_meanwhile_saves_the_question(office: Office) -> None:
    a_page(office)
    with office.hotline.transaction() as tx:
        receipts.take_receipt(office.hotline, tx, text("delivered"))
    assert asked_at(office, 5) == []


def test_a_lost_page_found_by_asking_moves_the_ladder_on(office: Office) -> None:
    office.open_case()
    send_due(office.hotline, "alerts")
    office.wire.states["SM1"] = text("failed", "30005")
    office.time.pass_by(seconds=61)
    ask_after_late(office.hotline)

    assert ladder.raise_overdue(office.hotline) == 1


def test_a_text_the_carrier_does_not_know_stays_as_it_is(office: Office) -> None:
    a_page(office)
    assert asked_at(office, 3) == [1, 3]
    assert state(office) == "sent"


def test_a_carrier_that_is_away_is_asked_once_a_sweep(office: Office) -> None:
    for number in range(3):
        a_page(office, f"page:{number}")
        office.wire.states[f"SM{number + 1}"] = CarrierUnavailable("503")
    office.time.pass_by(minutes=2)
    assert ask_after_late(office.hotline) == 1
    assert office.wire.asked == ["SM1"]


def test_two_workers_ask_once(office: Office) -> None:
    a_page(office)
    office.time.pass_by(minutes=2)
    office.wire.before = lambda: ask_after_late(office.hotline) and None
    ask_after_late(office.hotline)
    assert office.wire.asked == ["SM1"]


def test_the_reason_of_a_loss_is_asked_for_once_where_a_receipt_tells_none(office: Office) -> None:
    for number in range(4):
        a_page(office, f"page:{number}")
        sid = f"SM{number + 1}"
        with office.hotline.transaction() as tx:
            receipts.take_receipt(office.hotline, tx, text("failed", sid=sid))
        office.wire.states[sid] = text("failed", "S1002", sid)
    assert asked_at(office, 5) == [1]
    with office.hotline.transaction() as tx:
        rows = [get_item(tx, item.id) for item in list_items(tx)]
        assert {row.error for row in rows if row is not None} == {"S1002"}
        assert all_health(tx)["somleng", "text"].is_open


def test_questions_are_counted(office: Office) -> None:
    a_page(office)
    asked_at(office, 10)
    with office.hotline.reading() as tx:
        assert count_polls(tx) == {("somleng", "text"): 3}


def test_a_call_that_nobody_picked_up_is_found_by_asking(office: Office) -> None:
    a_page(office, by_voice=True)
    office.wire.states["CA1"] = call("no-answer")
    assert asked_at(office, 2) == [1]
    assert state(office) == "undelivered"


def test_a_call_that_goes_on_is_left_alone(office: Office) -> None:
    a_page(office, by_voice=True)
    office.wire.states["CA1"] = call("in-progress")
    assert asked_at(office, 60) == [1, 3, 8, 15, 30, 45, 60]
    assert state(office) == "sent"


@pytest.mark.parametrize("told", [None, call("ringing"), CarrierUnavailable("503")])
def test_a_stuck_call_is_treated_as_over_after_a_quarter_of_an_hour(office: Office, told) -> None:
    a_page(office, by_voice=True)
    if told is not None:
        office.wire.states["CA1"] = told
    asked_at(office, 14)
    assert state(office) == "sent"
    asked_at(office, 1)
    assert state(office) == "undelivered"


def test_no_transaction_is_open_while_a_carrier_is_asked(office: Office) -> None:
    a_page(office)
    wrote = []

    def write_meanwhile() -> None:
        with office.hotline.transaction():
            wrote.append(True)

    office.wire.before = write_meanwhile
    assert asked_at(office, 1) == [1]
    assert wrote == [True]
