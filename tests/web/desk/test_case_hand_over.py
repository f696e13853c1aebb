"""Giving a case back or to a colleague: with a reason, told by reference, never to nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline import ladder
from hotline.storage.case import case_keys
from hotline.storage.escalation import get_escalation
from hotline.storage.follow_up import get_follow_up
from hotline.storage.outbox_item import outbox
from hotline.storage.staff_member import staff
from tests.web.desk.desk import Desk


def taken(desk: Desk, name: str = "Dara") -> str:
    ref = desk.caller_asks(window="morning")
    desk.takes_by_text(name, ref)
    return ref


def gives(visitor, ref: str, to: str, reason: str = "I have no credit left", **more):
    fields = {"version": str(visitor.desk.case(ref).version), **more}
    page = f"/cases/{ref}/hand-over"
    return visitor.sends(page, page, to=to, reason=reason, **fields)


def told(desk: Desk, prompt: str) -> list[int]:
    with desk.hotline.reading() as tx:
        wanted = select(outbox.c.staff_id).where(outbox.c.prompt == prompt)
        return list(tx.execute(wanted).scalars())


def test_a_case_is_handed_to_a_colleague_who_is_paged(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    assert "Sophea, on call now" in dara.reads(f"/cases/{ref}/hand-over")
    answer = gives(dara, ref, "2")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert desk.case(ref).claimed_by == 2
    assert told(desk, "STAFF_GIVEN") == [2]
    assert ("staff:1", "hand_over", f"case:{ref}") in desk.audit()
    assert "In the morning" not in dara.reads(f"/cases/{ref}")
    page = desk.staff("Sophea").reads(f"/cases/{ref}")
    assert "Dara gave the case to somebody else" in page
    assert "Sophea has the case now" in page
    assert "I have no credit left" in page


def test_who_gets_it_has_the_time_of_one_who_takes_it(desk: Desk) -> None:
    ref = taken(desk)
    desk.minutes_pass(200)
    assert gives(desk.staff("Dara"), ref, "2").status_code == 303
    with desk.hotline.reading() as tx:
        row = get_follow_up(tx, desk.case(ref).id)
    assert row.what == "first_attempt"
    assert row.due_at > desk.hotline.now()


def test_given_back_the_ladder_begins_anew_without_them(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    assert gives(dara, ref, "back", "my child is ill").status_code == 303
    case = desk.case(ref)
    assert (case.state, case.claimed_by) == ("open", None)
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, case.id).ended_at is None
    page = desk.staff("Bopha").reads(f"/cases/{ref}")
    assert "Dara gave the case back" in page
    assert "my child is ill" in page


def test_a_supervisor_gives_a_case_that_nobody_has(desk: Desk) -> None:
    ref, bopha = desk.caller_asks(), desk.staff("Bopha")
    assert "Give it back" not in bopha.reads(f"/cases/{ref}/hand-over")
    assert gives(bopha, ref, "1").status_code == 303
    case = desk.case(ref)
    assert (case.state, case.claimed_by) == ("claimed", 1)
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, case.id).ended_at is not None
        assert get_follow_up(tx, case.id).what == "first_attempt"


def test_who_was_paged_hears_that_a_case_was_given_to_somebody_else(desk: Desk) -> None:
    ref, bopha = desk.caller_asks(), desk.staff("Bopha")
    assert told(desk, "STAFF_URGENT") == [1]
    assert gives(bopha, ref, "2").status_code == 303
    assert told(desk, "STAFF_TAKEN") == [1]
    assert told(desk, "STAFF_GIVEN") == [2]


def test_who_was_paged_and_gets_the_case_is_told_once(desk: Desk) -> None:
    ref, bopha = desk.caller_asks(), desk.staff("Bopha")
    assert gives(bopha, ref, "1").status_code == 303
    assert told(desk, "STAFF_TAKEN") == []
    assert told(desk, "STAFF_GIVEN") == [1]


def test_who_was_paged_and_gives_the_case_away_knows_it(desk: Desk) -> None:
    ref, bopha = desk.caller_asks(), desk.staff("Bopha")
    desk.minutes_pass(11)
    for _ in range(3):
        ladder.raise_overdue(desk.hotline)
        desk.minutes_pass(1)
    assert 3 in told(desk, "STAFF_OVERDUE")
    assert gives(bopha, ref, "2").status_code == 303
    assert told(desk, "STAFF_TAKEN") == [1]


def test_a_case_that_was_called_about_and_given_back_is_followed_up_when_given_on(
    desk: Desk,
) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="no_answer", note="")
    assert gives(dara, ref, "back").status_code == 303
    assert gives(desk.staff("Bopha"), ref, "2").status_code == 303
    with desk.hotline.reading() as tx:
        row = get_follow_up(tx, desk.case(ref).id)
    assert (row.what, row.ended_at) == ("first_attempt", None)
    assert row.due_at > desk.hotline.now()


def test_nobody_is_given_a_case_of_which_they_could_not_hear(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    with desk.hotline.transaction() as tx:
        tx.execute(staff.update().where(staff.c.id == 2).values(phone_lost_at=desk.hotline.now()))
    assert "Sophea" not in dara.reads(f"/cases/{ref}/hand-over")
    assert gives(dara, ref, "2").status_code == 422
    assert desk.case(ref).claimed_by == 1


def test_a_supervisor_takes_a_case_over_and_who_had_it_is_told(desk: Desk) -> None:
    ref, bopha = taken(desk), desk.staff("Bopha")
    answer = gives(bopha, ref, "3", "I see to it myself")
    assert answer.location == f"/desk/cases/{ref}"
    assert desk.case(ref).claimed_by == 3
    assert told(desk, "STAFF_GIVEN") == []
    assert 1 in told(desk, "STAFF_TAKEN")


@pytest.mark.parametrize("to", ["", "1", "99", "x", "-1", "2 OR 1=1", "back\x00", "9" * 40])
def test_it_goes_to_nobody_who_was_not_offered(desk: Desk, to: str) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    desk.take_on("Chan", "+85510111009", "editor")
    answer = gives(dara, ref, to, "a reason <b>in bold</b>")
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert "&lt;b&gt;in bold&lt;/b&gt;</textarea>" in answer.text
    assert desk.case(ref).claimed_by == 1


def test_an_editor_is_nobody_to_hand_a_case_to(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    desk.take_on("Chan", "+85510111009", "editor")
    assert "Chan" not in dara.reads(f"/cases/{ref}/hand-over")
    assert gives(dara, ref, "4").status_code == 422


def test_without_a_reason_it_stays(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    answer = gives(dara, ref, "2", " ")
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert desk.case(ref).claimed_by == 1


@pytest.mark.parametrize("to", ["2", "back"])
def test_what_somebody_changed_meanwhile_is_shown_first(desk: Desk, to: str) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen = str(desk.case(ref).version)
    less = {"outcome": "P2", "note": "he is at home", "version": seen}
    bopha.sends(f"/cases/{ref}/priority", f"/cases/{ref}", **less)
    answer = gives(dara, ref, to, "good reason", version=seen, seen="1")
    assert answer.status_code == 409
    assert "Bopha made it less urgent" in answer.text
    assert "he is at home" in answer.text
    assert "good reason</textarea>" in answer.text
    assert desk.case(ref).claimed_by == 1


def test_nobody_gives_away_what_is_not_theirs(desk: Desk) -> None:
    ref, sophea = taken(desk), desk.staff("Sophea")
    assert sophea.sees(f"/cases/{ref}/hand-over").status_code == 404
    fields = {"to": "2", "reason": "mine", "version": str(desk.case(ref).version)}
    assert sophea.sends(f"/cases/{ref}/hand-over", "/", **fields).status_code == 404
    assert desk.case(ref).claimed_by == 1


def test_a_forgotten_case_is_not_handed_over(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    assert dara.sees(f"/cases/{ref}/hand-over").status_code == 404
