"""What is red stands at the top of Now, with what to do; and where nothing is, one calm line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline import checking, demo
from hotline.core.breaker import Health
from hotline.core.events import TextEvent
from hotline.storage import carrier_health, heartbeat
from hotline.storage.case_access import add_access
from hotline.storage.finding import keep_findings
from hotline.storage.outbox_item import put_item
from hotline.storage.retention_run import propose_run
from hotline.storage.shift import add_shift, shifts
from hotline.storage.staff_member import find_staff_by_name, staff
from tests.web.desk.desk import MOTHER, Desk
from tests.web.desk.test_watch import rehearsed

CALM = "Nothing is red: the line works, and no case is late."


@pytest.fixture
def well(desk: Desk) -> Desk:
    """A desk behind which somebody sweeps."""
    return swept(desk)


def swept(desk: Desk) -> Desk:
    with desk.hotline.transaction() as tx:
        heartbeat.beat(tx, heartbeat.SWEEPER, desk.hotline.now())
    return desk


def test_where_nothing_is_red_one_line_says_so(well: Desk) -> None:
    assert CALM in well.staff("Dara").reads("/")
    well.caller_asks()
    page = well.staff("Dara").reads("/")
    assert CALM not in page
    assert "Urgent cases that nobody has: 1. Take one now." in page


def test_a_case_that_somebody_took_and_calls_in_time_is_not_red(well: Desk) -> None:
    ref = well.caller_asks(window="any")
    well.takes_by_text("Dara", ref)
    assert CALM in well.staff("Sophea").reads("/")
    well.minutes_pass(31)
    assert "Late cases: 1." in swept(well).staff("Sophea").reads("/")


def test_nobody_is_told_that_all_is_well_while_nobody_sweeps(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "The alerts stand still: nobody is told of new cases." in dara.reads("/")
    swept(desk)
    assert "stand still" not in dara.reads("/")
    desk.minutes_pass(2)
    page = dara.reads("/")
    assert "stand still" in page
    assert CALM not in page


def test_a_sign_of_life_from_a_clock_that_was_put_back_is_none(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        heartbeat.beat(tx, heartbeat.SWEEPER, desk.hotline.now() + timedelta(days=1))
    assert "stand still" in desk.staff("Dara").reads("/")


def test_what_could_not_be_written_down_is_red_until_it_is(well: Desk) -> None:
    text = TextEvent("simulator", "SM77", MOTHER, "+85523900900", "chuoy")
    well.hotline.spool.put(text)
    page = well.staff("Dara").reads("/")
    assert "1 calls or texts wait on the server: no case was made of them yet." in page
    assert CALM not in page


def test_messages_that_wait_are_red_even_if_nobody_counts_them(well: Desk) -> None:
    now = well.hotline.now()
    with well.hotline.transaction() as tx:
        put_item(
            tx,
            queue="alerts",
            audience="staff",
            channel="sms",
            prompt="STAFF_URGENT",
            body_sealed=b"",
            segments=1,
            idempotency_key="one",
            next_at=now - timedelta(minutes=3),
            created_at=now,
            updated_at=now,
        )
    page = well.staff("Dara").reads("/")
    assert "waiting since 22/11 09:57. Phone the people on call yourself" in page


@pytest.mark.parametrize(("name", "on_call"), [("now", ()), ("soon", (("Dara", -1, 5),))])
def test_an_empty_rota_is_red_now_and_a_day_ahead(well: Desk, name: str, on_call) -> None:
    now = well.hotline.now()
    with well.hotline.transaction() as tx:
        tx.execute(shifts.delete())
        for who, begins, ends in on_call:
            staff_id = find_staff_by_name(tx, who).id
            add_shift(tx, staff_id, now + timedelta(hours=begins), now + timedelta(hours=ends))
    page = well.staff("Dara").reads("/")
    assert CALM not in page
    told = {"now": "NOBODY IS ON CALL", "soon": "Nobody is on call from 22/11 15:00. Agree who"}
    assert told[name] in page


def test_a_carrier_that_is_down_is_named_with_what_to_do(well: Desk) -> None:
    down = Health(opened_at=well.hotline.now())
    with well.hotline.transaction() as tx:
        carrier_health.save_health(tx, "simulator", "text", 0, down, well.hotline.now())
        carrier_health.save_health(tx, "gone", "call", 0, down, well.hotline.now())
    page = well.staff("Dara").reads("/")
    assert "No text can be sent now. Phone the people on call yourself" in page
    assert "gone" not in page.casefold()


def test_a_rehearsal_that_failed_is_red(well: Desk) -> None:
    rehearsed(well, "failed", (), failed_at="answer", why="connect_timeout")
    assert "The weekly test of the line failed" in well.staff("Dara").reads("/")


def test_supervisors_see_that_a_colleagues_case_was_opened_and_others_do_not(well: Desk) -> None:
    ref = well.caller_asks()
    well.takes_by_text("Dara", ref)
    now = well.hotline.now()
    with well.hotline.transaction() as tx:
        sophea = find_staff_by_name(tx, "Sophea").id
        add_access(tx, well.case(ref).id, sophea, b"", now, now + timedelta(hours=1))
    told = "Cases of colleagues opened with a reason in the last 24 hours: 1."
    assert told in well.staff("Bopha").reads("/")
    assert told not in well.staff("Dara").reads("/")
    well.minutes_pass(25 * 60)
    assert told not in swept(well).staff("Bopha").reads("/")


def test_a_sweep_that_waits_for_a_person_is_told_to_who_may_decide(well: Desk) -> None:
    now = well.hotline.now()
    with well.hotline.transaction() as tx:
        propose_run(tx, as_of=now, runs_at=now, reasons=["first"], due={})
    told = "waits for somebody to decide. Look at it and decide."
    assert told in well.staff("Bopha").reads("/")
    assert told not in well.staff("Dara").reads("/")


def test_no_more_than_two_sentences_stand_before_the_first_case(desk: Desk) -> None:
    desk.caller_asks()
    desk.minutes_pass(60)
    page = desk.staff("Dara").sees("/").text
    before, _, after = page.partition('<details id="more-red">')
    assert before.count("<li><strong>") == 2
    assert after.count("<li><strong>") == 2
    assert page.count("2 more") == 1


def test_everything_red_is_said_in_khmer(desk: Desk) -> None:
    desk.caller_asks()
    dara = desk.staff("Dara")
    dara.sends("/language", language="km")
    page = dara.reads("/")
    assert "ករណីបន្ទាន់ 1 មិនទាន់មានអ្នកទទួល។ សូមទទួលយកមួយឥឡូវនេះ។" in page
    assert demo.STAFF[0][0] in page


def test_a_phone_on_call_that_was_never_tried_is_red(well: Desk) -> None:
    assert "was never tried" not in well.staff("Bopha").reads("/")
    with well.hotline.transaction() as tx:
        tx.execute(staff.update().where(staff.c.name == "Dara").values(phone_verified_at=None))
    assert "The phone of Dara, on call now, was never tried." in well.staff("Bopha").reads("/")


def test_a_broken_record_is_red(well: Desk) -> None:
    with well.hotline.transaction() as tx:
        keep_findings(tx, {checking.CHAIN_BROKEN: 1}, well.hotline.now())
    assert "The audit record is not as it was written." in well.staff("Bopha").reads("/")


def test_who_cannot_take_a_case_is_not_told_to(well: Desk) -> None:
    well.caller_asks()
    page = well.staff("Rith").reads("/")
    assert "Urgent cases that nobody has: 1. Phone the people on call yourself." in page
