"""The auditor: every open case has a next step, and what waits too long is found."""

from __future__ import annotations

import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from hotline import checking, errands, ladder, outbox, paging
from hotline.core.turn import Saying
from hotline.storage import case as case_table
from hotline.storage import escalation, follow_up, heartbeat, overdue, page
from hotline.storage.conversation import begin_conversation
from hotline.storage.finding import list_findings
from hotline.storage.recording import expect_recording
from hotline.storage.shift import shifts
from hotline.storage.staff_member import find_staff_by_name
from tests.workers.conftest import Office
from workers.sweeps import sweep

BOPHA = "+85510111003"


def found(office: Office) -> dict[str, int]:
    """What the auditor has left for the desk and the monitor."""
    with office.hotline.reading() as tx:
        return {row.code: row.number for row in list_findings(tx)}


def forget_ladder(office: Office, case_id: int) -> None:
    """What no code of ours should ever do."""
    with office.hotline.transaction() as tx:
        escalation.end_escalation(tx, case_id, office.hotline.now())


def has_next_step(office: Office, case_id: int) -> bool:
    now = office.hotline.now()
    with office.hotline.reading() as tx:
        lacking = overdue.cases_without_next_step(
            tx, now - checking.GRACE, now + checking.FAR, case_id
        )
    return not lacking


def texts_to_bopha(office: Office) -> list[str]:
    return [body for number, body in office.wire.sent if number == BOPHA]


def test_where_all_is_well_nothing_is_found(office: Office) -> None:
    office.open_case()
    sweep(office.hotline)
    assert found(office) == {}


def test_an_open_case_without_a_ladder_gets_one_and_the_supervisor_hears_how_many(
    office: Office,
) -> None:
    for case_id in (office.open_case(), office.open_case()):
        forget_ladder(office, case_id)
    office.open_case()
    office.time.pass_by(minutes=2)
    sweep(office.hotline)
    assert found(office) == {"no_next_step": 2}
    assert has_next_step(office, 1)
    assert has_next_step(office, 2)
    office.time.pass_by(minutes=1)
    sweep(office.hotline)
    assert found(office) == {}
    assert len(texts_to_bopha(office)) == 1
    assert "2" in texts_to_bopha(office)[0]


def test_the_same_case_is_told_of_once_a_day_and_mended_each_time(office: Office) -> None:
    case_id = office.open_case()
    for _ in range(3):
        forget_ladder(office, case_id)
        office.time.pass_by(minutes=1)
        sweep(office.hotline)
        assert has_next_step(office, case_id)
    audits = [body for body in texts_to_bopha(office) if "1" in body]
    assert len(audits) == 1


def test_a_claimed_case_that_nobody_will_be_reminded_of_is_brought_up_again(
    office: Office,
) -> None:
    case_id = office.open_case()
    hotline = office.hotline
    with hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara")
        paging.claim(hotline, tx, case_table.get_case(tx, case_id), dara)
    assert has_next_step(office, case_id)
    with hotline.transaction() as tx:
        follow_up.end_follow_up(tx, case_id, hotline.now())
    assert not has_next_step(office, case_id)
    checking.check(hotline)
    assert has_next_step(office, case_id)
    with hotline.reading() as tx:
        assert follow_up.get_follow_up(tx, case_id).what == follow_up.FIRST_ATTEMPT


def test_a_page_held_for_the_morning_is_a_next_step(office: Office) -> None:
    case_id = office.open_case()
    forget_ladder(office, case_id)
    with office.hotline.transaction() as tx:
        dara, now = find_staff_by_name(tx, "Dara"), office.hotline.now()
        page.hold_page(tx, case_id, dara.id, now, now + timedelta(hours=8))
    assert has_next_step(office, case_id)


def test_a_ladder_nobody_climbs_is_no_next_step(office: Office) -> None:
    case_id = office.open_case()
    office.time.pass_by(minutes=30)
    assert not has_next_step(office, case_id)


def test_a_ladder_a_wrong_clock_sent_far_away_is_no_next_step(office: Office) -> None:
    office.time.pass_by(days=30)
    case_id = office.open_case()
    office.time.pass_by(days=-30)
    assert not has_next_step(office, case_id)
    checking.check(office.hotline)
    assert has_next_step(office, case_id)


def test_a_closed_case_needs_none(office: Office) -> None:
    case_id = office.open_case()
    forget_ladder(office, case_id)
    with office.hotline.transaction() as tx:
        case_table.change_case(tx, case_id, state=case_table.CLOSED)
    assert has_next_step(office, case_id)


def test_a_case_that_cannot_be_mended_does_not_keep_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office.open_case(), office.open_case()
    for case_id in (first, second):
        forget_ladder(office, case_id)
    mend = ladder.restart

    def fails_once(hotline: Any, tx: Any, case_id: int) -> None:
        if case_id == first:
            raise LookupError
        mend(hotline, tx, case_id)

    monkeypatch.setattr(ladder, "restart", fails_once)
    assert checking.check(office.hotline)["no_next_step"] == 2
    assert has_next_step(office, second)
    assert not has_next_step(office, first)


def test_once_a_minute_whoever_asks_first(office: Office) -> None:
    assert checking.check_if_due(office.hotline)
    assert not checking.check_if_due(office.hotline)
    office.time.pass_by(seconds=61)
    assert checking.check_if_due(office.hotline)


def test_a_clock_that_was_put_back_is_noticed_and_stops_nothing(office: Office) -> None:
    sweep(office.hotline)
    office.time.pass_by(days=-2)
    assert checking.check_if_due(office.hotline)
    assert found(office) == {"clock_moved": 1, "nobody_on_call": 1}  # no shift was there yet


def test_nobody_on_call_is_found(office: Office) -> None:
    with office.hotline.transaction() as tx:
        tx.execute(shifts.delete())
    assert checking.check(office.hotline) == {"nobody_on_call": 1}


def test_what_waits_too_long_is_counted(office: Office) -> None:
    hotline = office.hotline
    with hotline.transaction() as tx:
        now, dara = hotline.now(), find_staff_by_name(tx, "Dara")
        outbox.put_page(hotline, tx, dara, Saying("STAFF_NO_CODE"), None, "late")
        call = begin_conversation(
            tx,
            carrier="simulator",
            channel="voice",
            sid="CA1",
            flow="urgent",
            turn=1,
            state_sealed=b"",
            started_at=now,
            last_at=now,
        )
        expect_recording(
            tx,
            carrier="simulator",
            sid="RE1",
            conversation_id=call,
            seconds=5,
            state="expected",
            tries=0,
            created_at=now,
        )
    assert checking.check(hotline) == {}
    office.time.pass_by(minutes=3)
    assert checking.check(hotline) == {"messages_late": 1}
    office.time.pass_by(minutes=28)
    late = {"messages_late": 1, "calls_too_long": 1, "voice_not_fetched": 1}
    assert checking.check(hotline) == late


def test_a_lease_nobody_takes_back_is_counted(office: Office) -> None:
    hotline = office.hotline
    office.open_case()
    errands.claim_due(hotline, "alerts", "a worker that died")
    office.time.pass_by(minutes=3)
    assert checking.check(hotline)["leases_stuck"] == 1


def test_what_was_set_aside_and_a_full_disk_are_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline = office.hotline
    folder = hotline.spool.folder
    folder.mkdir(parents=True)
    (folder / "1.set-aside").touch()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 0, 10**8))
    assert checking.check(hotline) == {"set_aside": 1, "disk_nearly_full": 1}


def test_a_finding_keeps_the_time_it_was_first_seen(office: Office) -> None:
    with office.hotline.transaction() as tx:
        tx.execute(shifts.delete())
    began = office.hotline.now()
    for _ in range(3):
        checking.check(office.hotline)
        office.time.pass_by(minutes=1)
    with office.hotline.reading() as tx:
        assert [row.since for row in list_findings(tx)] == [began]


def test_many_closed_cases_cost_nothing(office: Office) -> None:
    for _ in range(3):
        forget_ladder(office, office.open_case())
    many_closed_cases(office, 20_000)
    now = office.hotline.now()
    late, far = now - checking.GRACE, now + checking.FAR
    with office.hotline.reading() as tx:
        lacking = overdue.cases_without_next_step(tx, late, far)
        query = overdue.lacking(late, far).compile(
            dialect=tx.dialect, compile_kwargs={"literal_binds": True}
        )
        explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
        plan = [str(row) for row in tx.exec_driver_sql(f"{explain} {query}")]
    assert [row.id for row in lacking] == [1, 2, 3]
    assert any("case_to_do" in line for line in plan), plan  # it holds the open cases only


def many_closed_cases(office: Office, how_many: int) -> None:
    now = office.hotline.now()
    closed = {
        "kind": "question",
        "priority": "P3",
        "reason": "asked_by_key",
        "state": "closed",
        "channel": "sms",
        "flags": [],
        "plan_sealed": b"",
        "notes_sealed": b"",
        "opened_at": now,
        "version": 1,
    }
    rows = [{**closed, "ref": f"x{number}"} for number in range(how_many)]
    with office.hotline.transaction() as tx:
        tx.execute(insert(case_table.cases), rows)
        tx.execute(text("ANALYZE"))


def test_a_line_of_which_nothing_was_saved_since_yesterday_is_found(office: Office) -> None:
    """Not a demo: that has made-up people only."""
    hotline = office.hotline
    real = replace(hotline, settings=replace(hotline.settings, carriers=("twilio",)))
    assert checking.BACKUP_OLD not in checking.check(hotline)
    assert checking.check(real)[checking.BACKUP_OLD] == 1, "never yet"
    with hotline.transaction() as tx:
        heartbeat.beat(tx, heartbeat.BACKUP, hotline.now())
    assert checking.BACKUP_OLD not in checking.check(real)
    office.time.pass_by(hours=27)
    assert checking.check(real)[checking.BACKUP_OLD] == 1
