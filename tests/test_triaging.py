"""Triage at work, on both databases: what callers tell raises a case, staff lower it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from hotline import cases, triaging
from hotline.audit import first_broken_line
from hotline.content_files import Content
from hotline.core.escalation import Policy
from hotline.core.turn import OpenCase
from hotline.storage.case import events_of, find_case
from hotline.storage.database import Database
from hotline.storage.escalation import get_escalation
from hotline.storage.outbox_item import outbox
from hotline.triaging import Lowering
from tests.web.desk.desk import Desk, open_desk

CALLBACK = OpenCase("callback", "P2", "asked_for_call")
JOB = OpenCase("job_offer", "P2", "asked_for_call")
THERE = OpenCase("thailand_problem", "P1", "in_thailand_with_a_problem")
UNCLEAR = OpenCase("unclear_urgent", "P2", "quick_exit_on_urgent_menu")
SAFE = {"under_18": "no", "money_first": "no", "papers_taken": "no", "hurry_or_secret": "no",
        "knows_employer": "yes"}  # fmt: skip


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


def tells(desk: Desk, ref: str, **notes: str) -> None:
    """The caller presses on."""
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        cases.add_answers(desk.hotline, tx, case.id, notes=notes.items())


def happened(desk: Desk, ref: str) -> list[tuple[str, str | None]]:
    with desk.hotline.reading() as tx:
        return [(line.what, line.code) for line in events_of(tx, find_case(tx, ref).id)]


def ladder(desk: Desk, ref: str) -> Policy:
    with desk.hotline.reading() as tx:
        return Policy.from_data(get_escalation(tx, find_case(tx, ref).id).policy)


def waiting_pages(desk: Desk) -> list[tuple[int, str]]:
    """Whom a page waits for, and by which way."""
    with desk.hotline.reading() as tx:
        found = tx.execute(sa.select(outbox).where(outbox.c.state == "pending"))
        return [(row.staff_id, row.channel) for row in found]


def lower(
    desk: Desk, ref: str, to: str, why: str = "a known family", version: Any = None
) -> Lowering:
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        seen = case.version if version is None else version
        return triaging.lower_priority(desk.hotline, tx, case, 3, to, why, seen)


# ---------------------------------------------------------------- raised by what is told


def test_danger_signs_raise_a_case_with_their_reason_and_an_audit_line(desk: Desk) -> None:
    ref = desk.caller_asks(JOB, notes={**SAFE, "money_first": "yes", "papers_taken": "yes"})
    assert desk.case(ref).priority == "P1"
    assert ("raised", "danger_signs") in happened(desk, ref)
    assert ("caller", "raise", f"case:{ref}") in desk.audit()
    with desk.hotline.reading() as tx:
        assert first_broken_line(tx) is None


def test_a_raised_case_climbs_the_more_urgent_ladder_and_is_paged_once_at_the_start(
    desk: Desk,
) -> None:
    ref = desk.caller_asks(JOB, notes={**SAFE, "under_18": "yes"})
    assert ladder(desk, ref) == desk.hotline.policies.of("P1")
    assert waiting_pages(desk) == [(1, "sms")]
    case = desk.case(ref)
    clock = desk.hotline.policies.of("P1").clock
    assert (case.claim_due_at - case.opened_at).total_seconds() == clock.claim


def test_a_case_that_is_raised_to_now_is_rung_and_texted_once(desk: Desk) -> None:
    ref = desk.caller_asks(THERE, notes={"papers_taken": "yes"})
    assert desk.case(ref).priority == "P0"
    assert sorted(waiting_pages(desk)) == [(1, "sms"), (1, "voice")]


def test_what_is_no_sign_leaves_the_case_and_costs_no_statement(desk: Desk) -> None:
    ref = desk.caller_asks(CALLBACK)
    before, statements = happened(desk, ref), []
    with desk.hotline.transaction() as tx:
        case_id = find_case(tx, ref).id
        event.listen(tx, "before_cursor_execute", lambda *call: statements.append(call[2]))
        cases.add_answers(desk.hotline, tx, case_id, plan={"window": "evening"}.items())
    assert [text.split()[0] for text in statements] == ["SELECT", "SELECT", "UPDATE"]
    assert happened(desk, ref) == before
    assert desk.case(ref).priority == "P2"


def test_each_answer_is_weighed_with_those_before_it(desk: Desk) -> None:
    ref = desk.caller_asks(CALLBACK, notes={**SAFE, "money_first": "yes"})
    assert desk.case(ref).priority == "P2"
    tells(desk, ref, hurry_or_secret="yes")
    assert desk.case(ref).priority == "P1"


def test_an_answer_taken_back_lowers_nothing(desk: Desk) -> None:
    ref = desk.caller_asks(JOB, notes={**SAFE, "under_18": "yes"})
    tells(desk, ref, **SAFE)
    assert desk.case(ref).priority == "P1"
    assert happened(desk, ref).count(("raised", "under_18")) == 1


def test_who_leaves_in_a_hurry_is_looked_for_sooner(desk: Desk) -> None:
    ref = desk.caller_asks(UNCLEAR)
    assert desk.case(ref).priority == "P2"
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, find_case(tx, ref).id, "quick_exit")
    assert desk.case(ref).priority == "P1"
    assert happened(desk, ref)[-2:] == [("raised", "left_in_a_hurry"), ("paged", None)]


def test_who_has_the_case_hears_that_it_has_become_more_urgent(desk: Desk) -> None:
    ref = desk.caller_asks(CALLBACK, notes=SAFE)
    desk.takes_by_text("Sophea", ref)
    tells(desk, ref, under_18="yes")
    assert desk.case(ref).state == "claimed"
    assert (2, "sms") in waiting_pages(desk)
    assert ladder(desk, ref) == desk.hotline.policies.of("P1")


def test_a_closed_case_is_not_raised(desk: Desk) -> None:
    ref = desk.caller_asks(CALLBACK, notes=SAFE)
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        cases.close(desk.hotline, tx, case, 3, "duplicate", case.version)
    tells(desk, ref, under_18="yes")
    assert desk.case(ref).priority == "P2"


# ---------------------------------------------------------------- lowered by staff


def test_staff_lower_a_case_with_a_reason_that_is_sealed_on_its_timeline(desk: Desk) -> None:
    ref = desk.caller_asks(notes=SAFE)
    assert lower(desk, ref, "P3", "the child is at home") is Lowering.LOWERED
    case = desk.case(ref)
    assert case.priority == "P3"
    assert ladder(desk, ref) == desk.hotline.policies.of("P3")
    with desk.hotline.reading() as tx:
        line = events_of(tx, case.id)[-1]
        assert (line.what, line.code, line.staff_name) == ("lowered", "P3", "Bopha")
        assert b"at home" not in line.text_sealed
        read = cases.read(desk.hotline, tx, case).words
        assert read(line.text_sealed, "event") == "the child is at home"
    assert ("staff:3", "lower", f"case:{ref}") in desk.audit()


@pytest.mark.parametrize("why", ["", "  \n"])
def test_without_a_reason_nothing_is_lowered(desk: Desk, why: str) -> None:
    ref = desk.caller_asks()
    assert lower(desk, ref, "P2", why) is Lowering.NO_REASON
    assert desk.case(ref).priority == "P1"


@pytest.mark.parametrize("to", ["P0", "P1", "P9", "", "p2"])
def test_what_is_not_less_urgent_is_refused(desk: Desk, to: str) -> None:
    ref = desk.caller_asks()
    assert lower(desk, ref, to) is Lowering.NOT_LOWER
    assert happened(desk, ref).count(("lowered", to)) == 0


def test_who_lowers_what_has_changed_meanwhile_is_told_so(desk: Desk) -> None:
    ref = desk.caller_asks()
    assert lower(desk, ref, "P2", version=desk.case(ref).version - 1) is Lowering.CHANGED_MEANWHILE
    assert desk.case(ref).priority == "P1"
    assert ("staff:3", "lower", f"case:{ref}") not in desk.audit()


def test_what_staff_knew_of_never_raises_it_again_but_something_new_does(desk: Desk) -> None:
    ref = desk.caller_asks(JOB, notes={**SAFE, "under_18": "yes"})
    assert lower(desk, ref, "P3") is Lowering.LOWERED
    tells(desk, ref, under_18="yes", caller_age="adult")
    assert desk.case(ref).priority == "P3"
    desk.minutes_pass(1)
    tells(desk, ref, money_first="yes")
    assert desk.case(ref).priority == "P1"
    assert happened(desk, ref)[-2:] == [("raised", "danger_signs"), ("paged", None)]


def test_lowered_twice_it_remembers_both(desk: Desk) -> None:
    ref = desk.caller_asks(JOB, notes={**SAFE, "under_18": "yes"})
    lower(desk, ref, "P2")
    tells(desk, ref, under_18="no", money_first="yes", papers_taken="yes")
    assert desk.case(ref).priority == "P1"
    lower(desk, ref, "P3")
    tells(desk, ref, under_18="yes", hurry_or_secret="yes")
    assert desk.case(ref).priority == "P3"


def test_a_caller_who_asks_for_more_is_heard_though_staff_lowered_the_case(desk: Desk) -> None:
    ref = desk.caller_asks(CALLBACK)
    lower(desk, ref, "P3")
    with desk.hotline.transaction() as tx:
        danger = OpenCase("danger_now", "P0", "asked_by_key")
        cases.raise_case(desk.hotline, tx, find_case(tx, ref), danger, again=False)
    assert desk.case(ref).priority == "P0"
