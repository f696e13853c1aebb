"""Workers send what is due: once where it must be once, again where it must arrive."""

from __future__ import annotations

import threading

from hotline import callers, errands, outbox
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.core.delivery import Fate
from hotline.core.turn import Saying
from hotline.storage.outbox_item import list_items, release_expired
from tests.workers.conftest import Office
from workers.sending import send_due
from workers.sweeps import sweep

CALLER = "+85512345678"


def a_text_to_a_caller(office: Office, key: str = "text:1:reply") -> None:
    with office.hotline.transaction() as tx:
        caller = callers.meet(office.hotline, tx, CALLER)
        outbox.put_reply(
            office.hotline, tx, caller, (Saying("SMS_RIGHTS"),), key, language="km", script=None
        )


def states(office: Office) -> list[str]:
    with office.hotline.reading() as tx:
        return [item.state for item in list_items(tx)]


def test_a_page_goes_out_and_is_marked_sent(office: Office) -> None:
    office.open_case()
    assert send_due(office.hotline, "alerts") == 1
    assert states(office) == ["sent"]
    assert office.wire.sent[0][0] == "+85510111001"


def test_nothing_is_due_twice(office: Office) -> None:
    office.open_case()
    for _ in range(3):
        sweep(office.hotline)
    assert len(office.wire.sent) == 1


def test_the_same_message_put_twice_is_one_message(office: Office) -> None:
    a_text_to_a_caller(office)
    a_text_to_a_caller(office)
    sweep(office.hotline)
    assert len(office.wire.sent) == 1


def test_two_workers_on_one_queue_send_each_message_once(office: Office) -> None:
    for number in range(30):
        a_text_to_a_caller(office, f"text:{number}:reply")
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        send_due(office.hotline, "replies")

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(office.wire.sent) == 30
    assert set(states(office)) == {"sent"}


def test_a_page_is_tried_again_while_the_carrier_is_away(office: Office) -> None:
    office.wire.trouble = [CarrierUnavailable("503"), CarrierUnavailable("refused")]
    office.open_case()
    sweep(office.hotline)
    assert states(office) == ["pending"]
    for _ in range(2):
        office.time.pass_by(seconds=10)
        sweep(office.hotline)
    assert states(office) == ["sent"]


def test_a_page_of_unknown_fate_goes_out_again(office: Office) -> None:
    office.wire.trouble = [CarrierUnknown("timeout")]
    office.open_case()
    sweep(office.hotline)
    office.time.pass_by(seconds=10)
    sweep(office.hotline)
    assert states(office) == ["sent"]


def test_a_callers_text_of_unknown_fate_is_never_sent_again(office: Office) -> None:
    office.wire.trouble = [CarrierUnknown("timeout")]
    a_text_to_a_caller(office)
    for _ in range(3):
        sweep(office.hotline)
        office.time.pass_by(hours=2)
    assert states(office) == ["unknown"]
    assert office.wire.sent == []


def test_a_refused_page_moves_the_ladder_on_at_once(office: Office) -> None:
    office.wire.trouble = [CarrierRefused("21211", "number")]
    office.open_case()
    sweep(office.hotline)
    sweep(office.hotline)
    assert office.wire.sent == []
    assert office.wire.rung == ["+85510111001"]


def test_with_broken_credentials_a_page_waits_until_they_are_mended(office: Office) -> None:
    office.wire.trouble = [CarrierRefused("20003", "config")]
    office.open_case()
    sweep(office.hotline)
    assert states(office) == ["pending"]
    office.time.pass_by(seconds=10)
    sweep(office.hotline)
    assert states(office) == ["sent"]


def test_a_worker_that_dies_while_sending_loses_no_page_and_doubles_no_text(
    office: Office,
) -> None:
    office.open_case()
    a_text_to_a_caller(office)
    errands.claim_due(office.hotline, "alerts", "a worker that died")
    errands.claim_due(office.hotline, "replies", "a worker that died")
    sweep(office.hotline)
    assert office.wire.sent == []
    office.time.pass_by(minutes=1)
    sweep(office.hotline)
    assert [to for to, _ in office.wire.sent] == ["+85510111001"]
    assert sorted(states(office)) == ["sent", "unknown"]


def test_a_worker_that_comes_back_too_late_marks_nothing(office: Office) -> None:
    office.open_case()
    errand = errands.claim_due(office.hotline, "alerts", "slow")[0]
    office.time.pass_by(minutes=1)
    with office.hotline.transaction() as tx:
        assert release_expired(tx, office.time.now()) == 1
    with office.hotline.transaction() as tx:
        late = errands.mark(office.hotline, tx, errand, "slow", Fate.REFUSED, carrier="simulator")
    assert late is None
    assert states(office) == ["pending"]
