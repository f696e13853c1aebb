"""Call again on a day and time: set with a reason, kept to, and told where it is not safe."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hotline import cases, following_up, letting_go
from hotline.core.callback_plan import is_more_urgent
from hotline.core.local_time import PHNOM_PENH
from hotline.core.turn import OpenCase
from hotline.storage.case import find_case
from hotline.storage.escalation import get_escalation
from hotline.storage.follow_up import get_follow_up
from hotline.storage.outbox_item import outbox
from tests.web.desk.desk import ASK, Desk

EVENING = "2026-11-23T18:30"
AT_ONCE = OpenCase("danger_now", "P0", "asked_by_key")
CALM = OpenCase("callback", "P3", "asked_for_call")


def called(desk: Desk, **plan: str) -> str:
    """A case that Dara has and called about; it is ten in the morning of 22/11."""
    ref = desk.caller_asks(**plan)
    desk.takes_by_text("Dara", ref)
    desk.staff("Dara").sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    return ref


def sets(visitor, ref: str, at: str = EVENING, reason: str = "she comes home then", **more):
    fields = {"version": str(visitor.desk.case(ref).version), **more}
    return visitor.sends(f"/cases/{ref}/date", f"/cases/{ref}/date", at=at, reason=reason, **fields)


def follow_up(desk: Desk, ref: str):
    with desk.hotline.reading() as tx:
        return get_follow_up(tx, desk.case(ref).id)


def reminded(desk: Desk) -> list[int]:
    with desk.hotline.reading() as tx:
        wanted = outbox.c.prompt == "STAFF_FOLLOW_UP"
        return list(tx.execute(select(outbox.c.staff_id).where(wanted)).scalars())


def test_a_date_is_set_shown_and_kept_to(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    assert sets(dara, ref).status_code == 303
    page = dara.reads(f"/cases/{ref}")
    assert "Call from 23/11 18:30 on." in page
    assert "she comes home then" in page
    assert "Dara set when to look at it next" in page
    assert ("staff:1", "set_date", f"case:{ref}") in desk.audit()
    assert following_up.raise_overdue(desk.hotline) == 0
    desk.minutes_pass(32 * 60 + 29)
    assert following_up.raise_overdue(desk.hotline) == 0
    desk.minutes_pass(2)
    assert following_up.raise_overdue(desk.hotline) == 1
    assert reminded(desk) == [1]
    assert "Read the plan, then call." in desk.staff("Dara").reads(f"/cases/{ref}")


def test_a_promise_in_an_urgent_case_is_not_forgotten_for_a_day(desk: Desk) -> None:
    ref = called(desk)
    sets(desk.staff("Dara"), ref)
    desk.minutes_pass(32 * 60 + 31)
    following_up.raise_overdue(desk.hotline)
    desk.minutes_pass(61)
    assert following_up.raise_overdue(desk.hotline) == 1
    assert 3 in reminded(desk)  # the supervisor hears of it too


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Choose a day and a time."),
        ("2026-11-22T09:59", "This time is over."),
        ("1999-01-01T00:00", "This time is over."),
        ("9999-12-31T23:59", "14 days at most"),
        ("2026-11-23T09:00", "At that hour it is not safe for them."),
        ("២០២៦", "Choose a day and a time."),
        ("<b>", "Choose a day and a time."),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_the_field(
    desk: Desk, at: str, problem: str
) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    before = follow_up(desk, ref)
    answer = sets(dara, ref, at, "<i>កុំភ្លេច</i>")
    assert answer.status_code == 422
    assert problem in unescape(answer.text)
    assert "<i>កុំភ្លេច</i></textarea>" in unescape(answer.text)
    assert "<i>" not in answer.text
    assert follow_up(desk, ref) == before


def test_an_hour_that_is_not_safe_is_asked_about_twice(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    answer = sets(dara, ref, "2026-11-23T09:00")
    assert "I mean this hour" in answer.text
    assert 'value="2026-11-23T09:00"' in answer.text
    assert sets(dara, ref, "2026-11-23T09:00", meant="y").status_code == 303


def test_a_reason_is_needed_and_may_be_anything_but_long(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    assert "Fill this in." in sets(dara, ref, reason=" ").text
    answer = sets(dara, ref, reason="ក" * 10_000)
    assert answer.status_code == 422
    assert "ក" * 10_000 in answer.text
    assert sets(dara, ref, reason="👧🏽 שלום \ufffd").status_code == 303


def test_before_the_first_call_nobody_puts_a_case_off(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    assert "First write down how you tried" in dara.reads(f"/cases/{ref}/date")
    assert sets_blind(dara, ref).status_code == 422
    assert follow_up(desk, ref).what == "first_attempt"
    assert sets(desk.staff("Bopha"), ref).status_code == 303


def sets_blind(visitor, ref: str):
    """The form is not there; somebody sends it all the same."""
    version = str(visitor.desk.case(ref).version)
    return visitor.sends(f"/cases/{ref}/date", "/", at=EVENING, reason="later", version=version)


def test_of_a_quiet_case_a_supervisor_sets_when_to_look_again(desk: Desk) -> None:
    ref = called(desk)
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, find_case(tx, ref).id, "quiet")
    dara = desk.staff("Dara")
    assert "A supervisor decides what comes next" in dara.reads(f"/cases/{ref}/date")
    assert sets_blind(dara, ref).status_code == 422
    bopha = desk.staff("Bopha")
    assert sets(bopha, ref, "2026-11-23T03:00").status_code == 303
    assert follow_up(desk, ref).what == "follow_up"  # nobody is told to call


def test_two_set_a_date_and_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    ref, dara, bopha = called(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen = str(desk.case(ref).version)
    line = dara.sees(f"/cases/{ref}/date").text.split('name="seen" type="hidden" value="')[1]
    assert sets(bopha, ref, reason="the court has asked", version=seen).status_code == 303
    answer = sets(dara, ref, reason="my own reason", version=seen, seen=line.split('"')[0])
    assert answer.status_code == 409
    assert "Somebody changed this case meanwhile" in answer.text
    assert "Bopha set when to look at it next" in answer.text
    assert "the court has asked" in answer.text
    assert "my own reason</textarea>" in answer.text
    assert sets(dara, ref, reason="my own reason").status_code == 303


def gives(visitor, ref: str, to: str) -> None:
    page = f"/cases/{ref}/hand-over"
    version = str(visitor.desk.case(ref).version)
    answer = visitor.sends(page, page, to=to, reason="I am ill", version=version)
    assert answer.status_code == 303, visitor.text_of(answer)


def holds_on(desk: Desk, ref: str, before) -> None:
    row = follow_up(desk, ref)
    assert (row.what, row.due_at, row.ended_at) == (before.what, before.due_at, None)
    assert row.reason_sealed == before.reason_sealed
    assert following_up.raise_overdue(desk.hotline) == 0
    desk.minutes_pass(32 * 60 + 31)
    assert following_up.raise_overdue(desk.hotline) == 1
    assert reminded(desk) == [desk.case(ref).claimed_by]


def test_the_date_holds_on_for_who_takes_a_case_that_was_given_back(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    sets(dara, ref)
    before = follow_up(desk, ref)
    gives(dara, ref, "back")
    assert follow_up(desk, ref).ended_at is not None
    desk.takes_by_text("Sophea", ref)
    assert "she comes home then" in desk.staff("Sophea").reads(f"/cases/{ref}")
    holds_on(desk, ref, before)


def test_the_date_holds_on_when_who_set_it_is_gone(desk: Desk) -> None:
    ref = called(desk)
    sets(desk.staff("Dara"), ref)
    before = follow_up(desk, ref)
    with desk.hotline.transaction() as tx:
        letting_go.revoke_phone(desk.hotline, tx, 1, "staff:3")
    gives(desk.staff("Bopha"), ref, "2")
    holds_on(desk, ref, before)


def test_a_date_that_a_supervisor_set_on_an_open_case_holds_once_somebody_takes_it(
    desk: Desk,
) -> None:
    ref = desk.caller_asks()
    assert sets(desk.staff("Bopha"), ref).status_code == 303
    with desk.hotline.reading() as tx:  # somebody must still take it
        assert get_escalation(tx, desk.case(ref).id).ended_at is None
    before = follow_up(desk, ref)
    desk.takes_by_text("Dara", ref)
    holds_on(desk, ref, before)


def test_a_date_that_was_set_before_the_first_call_goes_with_the_case(desk: Desk) -> None:
    ref, bopha = desk.caller_asks(), desk.staff("Bopha")
    desk.takes_by_text("Dara", ref)
    sets(bopha, ref)
    before = follow_up(desk, ref)
    gives(bopha, ref, "2")
    holds_on(desk, ref, before)


@pytest.mark.parametrize("ask", [ASK, AT_ONCE])
def test_who_takes_a_case_that_was_asked_for_again_calls_in_time(desk: Desk, ask) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    sets(dara, ref)
    gives(dara, ref, "back")
    asks_again(desk, ref, ask)
    desk.takes_by_text("Sophea", ref)
    row = follow_up(desk, ref)
    assert (row.what, row.ended_at, row.reason_sealed) == ("first_attempt", None, None)


def test_a_date_that_is_over_is_no_reason_to_wait(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    sets(dara, ref)
    gives(dara, ref, "back")
    desk.minutes_pass(33 * 60)
    desk.takes_by_text("Sophea", ref)
    assert follow_up(desk, ref).what == "first_attempt"


def asks_again(desk: Desk, ref: str, ask: OpenCase) -> None:
    """The caller of this case presses the keys once more."""
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        again = not is_more_urgent(ask.priority, case.priority)
        cases.raise_case(desk.hotline, tx, case, ask, again=again)


# ---------------------------------------------------------------- and it becomes urgent


@pytest.mark.parametrize("days", [1, 50])
def test_no_date_silences_a_case_that_becomes_urgent(desk: Desk, days: int) -> None:
    ref = called_calmly(desk, window="morning")
    at = f"{desk.hotline.now() + timedelta(days=days):%Y-%m-%d}T10:30"
    assert sets(desk.staff("Dara"), ref, at).status_code == 303
    asks_again(desk, ref, AT_ONCE)
    row, now = follow_up(desk, ref), desk.hotline.now()
    assert (row.what, row.reason_sealed) == ("first_attempt", None)
    assert row.due_at == desk.case(ref).attempt_due_at <= now + timedelta(minutes=10)
    desk.minutes_pass(10.1)
    assert following_up.raise_overdue(desk.hotline) == 1
    desk.minutes_pass(5.1)
    assert following_up.raise_overdue(desk.hotline) == 1
    assert desk.case(ref).claimed_by is None  # and others are asked


def test_what_the_caller_keys_later_brings_the_call_forward_too(desk: Desk) -> None:
    ref = called_calmly(desk, window="morning")
    with desk.hotline.transaction() as tx:
        cases.add_answers(desk.hotline, tx, find_case(tx, ref).id, notes=[("under_18", "yes")])
    assert desk.case(ref).priority == "P1"
    assert follow_up(desk, ref).what == "first_attempt"


def test_who_asks_again_is_called_before_the_date(desk: Desk) -> None:
    ref = called(desk, window="morning")
    sets(desk.staff("Dara"), ref, "2026-11-24T10:30")
    asks_again(desk, ref, ASK)
    row = follow_up(desk, ref)
    assert row.what == "first_attempt"
    assert row.due_at <= desk.hotline.now() + timedelta(minutes=30)


def test_a_date_that_is_near_stays_when_the_caller_asks_again(desk: Desk) -> None:
    ref = called(desk, window="morning")
    sets(desk.staff("Dara"), ref, "2026-11-22T10:10")
    before = follow_up(desk, ref)
    asks_again(desk, ref, ASK)
    assert follow_up(desk, ref) == before


def test_a_caller_who_asks_again_is_still_called_within_their_hours(desk: Desk) -> None:
    ref = called(desk)
    sets(desk.staff("Dara"), ref)
    asks_again(desk, ref, ASK)
    due = follow_up(desk, ref).due_at
    assert due.astimezone(PHNOM_PENH).strftime("%d %H:%M") == "22 17:10"


def test_a_first_call_that_is_calm_is_brought_forward_for_who_took_it_second(desk: Desk) -> None:
    ref = called_calmly(desk, window="morning")
    gives(desk.staff("Dara"), ref, "back")
    desk.takes_by_text("Sophea", ref)
    asks_again(desk, ref, AT_ONCE)
    row = follow_up(desk, ref)
    assert row.what == "first_attempt"
    assert row.due_at <= desk.hotline.now() + timedelta(minutes=10)


def called_calmly(desk: Desk, **plan: str) -> str:
    """As `called`, of a case in which nothing is urgent."""
    ref = desk.caller_asks(CALM, **plan)
    desk.takes_by_text("Dara", ref)
    desk.staff("Dara").sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    return ref


def test_after_the_next_call_the_date_is_that_of_the_plan_again(desk: Desk) -> None:
    ref, dara = called(desk), desk.staff("Dara")
    sets(dara, ref)
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="busy")
    row = follow_up(desk, ref)
    assert row.what == "next_attempt"
    assert row.reason_sealed is None
