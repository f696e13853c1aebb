"""Make a case less urgent at the desk: with a reason, by those who may read it, not blindly."""

from __future__ import annotations

import pytest

from hotline import cases
from hotline.core.turn import OpenCase
from hotline.storage.case import find_case
from tests.web.desk.desk import Desk

THERE = OpenCase("thailand_problem", "P1", "in_thailand_with_a_problem")


def taken(desk: Desk, name: str = "Dara") -> str:
    ref = desk.caller_asks()
    desk.takes_by_text(name, ref)
    return ref


def lower(desk: Desk, visitor, ref: str, to: str, why: str, version: int | str | None = None):
    seen = desk.case(ref).version if version is None else version
    return visitor.sends(
        f"/cases/{ref}/priority", f"/cases/{ref}", outcome=to, note=why, version=str(seen)
    )


def test_who_has_the_case_lowers_it_and_everybody_can_read_why(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    assert lower(desk, dara, ref, "P2", "the grandmother has the child").status_code == 303
    assert desk.case(ref).priority == "P2"
    page = desk.staff("Bopha").reads(f"/cases/{ref}")
    assert "P2 Today" in page
    assert "Dara made it less urgent: Today the grandmother has the child" in page
    assert ("staff:1", "lower", f"case:{ref}") in desk.audit()


@pytest.mark.parametrize("why", ["", "  \r\n", "\x07"])
def test_without_a_reason_the_choice_is_kept_and_nothing_changes(desk: Desk, why: str) -> None:
    ref = taken(desk)
    answer = lower(desk, desk.staff("Dara"), ref, "P3", why)
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert 'value="P3" required checked' in answer.text
    assert desk.case(ref).priority == "P1"


@pytest.mark.parametrize("to", ["", "P9", "<b>", "p2"])
def test_what_is_no_priority_is_refused_and_the_reason_kept(desk: Desk, to: str) -> None:
    ref = taken(desk)
    answer = lower(desk, desk.staff("Dara"), ref, to, "all is well")
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert "all is well</textarea>" in answer.text


@pytest.mark.parametrize("to", ["P0", "P1"])
def test_nothing_is_raised_by_this_form(desk: Desk, to: str) -> None:
    ref = taken(desk)
    answer = lower(desk, desk.staff("Dara"), ref, to, "all is well")
    assert answer.status_code == 422
    assert "It is no more urgent than that by now." in answer.text
    assert desk.case(ref).priority == "P1"


def test_who_may_not_read_the_case_finds_no_such_page(desk: Desk) -> None:
    ref = taken(desk, "Sophea")
    dara = desk.staff("Dara")
    answer = dara.sends(f"/cases/{ref}/priority", "/", outcome="P3", note="well", version="2")
    assert answer.status_code == 404
    assert "Less urgent" not in dara.reads(f"/cases/{ref}")
    assert desk.case(ref).priority == "P1"


def test_a_case_that_nobody_has_is_lowered_by_a_supervisor_only(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara, bopha = desk.staff("Dara"), desk.staff("Bopha")
    answer = dara.sends(f"/cases/{ref}/priority", "/", outcome="P3", note="well", version="1")
    assert answer.status_code == 404
    assert lower(desk, bopha, ref, "P3", "she rang to say it is solved").status_code == 303
    assert desk.case(ref).priority == "P3"


def test_who_did_not_see_the_newest_answer_has_to_look_again(desk: Desk) -> None:
    ref = desk.caller_asks(THERE)
    desk.takes_by_text("Dara", ref)
    dara, seen = desk.staff("Dara"), desk.case(ref).version
    with desk.hotline.transaction() as tx:  # the caller presses on while Dara reads
        case = find_case(tx, ref)
        cases.add_answers(desk.hotline, tx, case.id, notes=[("papers_taken", "yes")])
    answer = lower(desk, dara, ref, "P3", "a question of wages", seen)
    assert answer.status_code == 409
    assert "Somebody changed this case meanwhile" in answer.text
    assert "a question of wages</textarea>" in answer.text
    assert "More urgent now: is in Thailand, and the papers are taken" in dara.reads(
        f"/cases/{ref}"
    )
    assert desk.case(ref).priority == "P0"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_version_that_is_nonsense_lowers_nothing(desk: Desk, version: str) -> None:
    ref = taken(desk)
    assert lower(desk, desk.staff("Dara"), ref, "P3", "well", version).status_code == 409
    assert desk.case(ref).priority == "P1"


def test_what_can_go_no_lower_and_what_is_closed_has_no_such_form(desk: Desk) -> None:
    lowest, closed = desk.caller_asks(number="+85596000001"), desk.caller_asks()
    bopha = desk.staff("Bopha")
    lower(desk, bopha, lowest, "P3", "well")
    bopha.sends(
        f"/cases/{closed}/close", f"/cases/{closed}", outcome="duplicate",
        version=str(desk.case(closed).version), note="",
    )  # fmt: skip
    for ref in (lowest, closed):
        assert f"/cases/{ref}/priority" not in bopha.sees(f"/cases/{ref}").text


def test_the_reason_is_shown_as_it_was_written_and_never_as_markup(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    lower(desk, dara, ref, "P2", "<script>alert(1)</script> ក្មេង")
    page = dara.sees(f"/cases/{ref}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ក្មេង" in page
