"""Keeping and deleting at the desk: reports, holds, and what takes two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from hotline import cases, retention
from hotline.storage.case import cases as case_table
from hotline.storage.case import find_case
from hotline.storage.retention_run import current_run
from hotline.storage.staff_member import find_staff_by_name
from tests.web.desk.desk import MOTHER, Desk

PAGE = "/retention"


def close(desk: Desk, ref: str, outcome: str = "helped") -> None:
    with desk.hotline.transaction() as tx:
        dara, case = find_staff_by_name(tx, "Dara"), find_case(tx, ref)
        cases.note_attempt(desk.hotline, tx, case, dara.id, "reached", "")
        case = find_case(tx, ref)
        values = {"state": "closed", "outcome": outcome, "closed_at": desk.hotline.now()}
        tx.execute(sa.update(case_table).where(case_table.c.id == case.id).values(**values))


def days_pass(desk: Desk, days: float) -> None:
    """One by one, as the server sees them."""
    while days > 0:
        desk.minutes_pass(24 * 60 + 1)
        days -= 1
        for _ in range(9):
            retention.keep_tidy(desk.hotline)


def forgotten(desk: Desk, ref: str) -> bool:
    return desk.case(ref).forgotten_at is not None


def old_case(desk: Desk, outcome: str, days: int, number: str | None = MOTHER) -> str:
    """Closed so many days ago, while the server was swept every day."""
    ref = desk.caller_asks(number=number)
    close(desk, ref, outcome)
    when = desk.hotline.now() - timedelta(days=days)
    with desk.hotline.transaction() as tx:
        moved = sa.update(case_table).where(case_table.c.ref == ref)
        tx.execute(moved.values(closed_at=when, opened_at=when))
    return ref


@pytest.fixture
def bopha(desk: Desk):
    return desk.staff("Bopha")


def run_id(desk: Desk) -> str:
    with desk.hotline.reading() as tx:
        return str(current_run(tx).id)


def test_the_page_says_what_is_due_and_what_is_kept_how_long(desk: Desk, bopha) -> None:
    old_case(desk, "not_a_case", 31)
    assert "Nothing is due" in bopha.reads(PAGE)
    retention.keep_tidy(desk.hotline)
    page = bopha.reads(PAGE)
    assert "Closed cases that were none: 1" in page
    assert "24 months" in page
    assert "What can be deleted there is deleted." in page
    assert MOTHER not in page


def test_somebody_stops_a_report_and_the_next_waits_for_a_person(desk: Desk, bopha) -> None:
    ref = old_case(desk, "not_a_case", 31)
    retention.keep_tidy(desk.hotline)
    assert bopha.sends(f"{PAGE}/run", PAGE, run=run_id(desk), act="stop").status_code == 303
    days_pass(desk, 4)
    bopha = desk.staff("Bopha")
    assert not forgotten(desk, ref)
    page = bopha.reads(PAGE)
    assert "It waits for your word." in page
    assert "Somebody stopped the report before this one." in page
    assert bopha.sends(f"{PAGE}/run", PAGE, run=run_id(desk), act="go").status_code == 303
    days_pass(desk, 1)
    assert forgotten(desk, ref)


def test_a_report_that_is_over_cannot_be_decided_any_more(desk: Desk, bopha) -> None:
    old_case(desk, "not_a_case", 31)
    retention.keep_tidy(desk.hotline)
    number = run_id(desk)
    bopha.sends(f"{PAGE}/run", PAGE, run=number, act="stop")
    for act in ("stop", "go", "nonsense"):
        answer = bopha.sends(f"{PAGE}/run", PAGE, run=number, act=act)
        assert answer.status_code == 422
        assert "Somebody was quicker" in bopha.text_of(answer)
    for nonsense in ("", "x", "9" * 30, "-1", "%ED%A0%80"):
        assert bopha.sends(f"{PAGE}/run", PAGE, run=nonsense, act="go").status_code == 422


def test_a_held_case_stays_until_somebody_else_lifts_it(desk: Desk, bopha) -> None:
    desk.take_on("Chenda", "+85510111008", "supervisor")
    ref = old_case(desk, "not_a_case", 29)
    until = f"{desk.hotline.now() + timedelta(days=3):%Y-%m-%d}"
    sent = bopha.sends(f"{PAGE}/hold", PAGE, ref=ref.lower(), reason="The court asks", until=until)
    assert sent.status_code == 303
    days_pass(desk, 8)
    assert not forgotten(desk, ref)
    bopha, chenda = desk.staff("Bopha"), desk.staff("Chenda")
    page = bopha.source(PAGE)
    assert "The court asks" not in page
    assert "The court asks" in bopha.reads(f"/cases/{ref}"), "whoever may read the case reads why"
    own = bopha.sends(f"{PAGE}/lift", PAGE, hold="1")
    assert (own.status_code, "two people" in bopha.text_of(own)) == (422, True)
    assert chenda.sends(f"{PAGE}/lift", PAGE, hold="1").status_code == 303
    assert chenda.sends(f"{PAGE}/lift", PAGE, hold="1").status_code == 422
    days_pass(desk, 6)
    assert forgotten(desk, ref)
    acts = [(act, what) for _, act, what in desk.audit()]
    assert ("place_hold", f"case:{ref}") in acts
    assert ("lift_hold", f"case:{ref}") in acts


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ref": "", "reason": "x"}, "Fill this in."),
        ({"ref": "nope", "reason": "x"}, "This is no reference."),
        ({"ref": "K7M4Q", "reason": "x"}, "There is no case"),
        ({"reason": " \0 "}, "Fill this in."),
        ({"reason": "ក" * 10_000}, "too long"),
        ({"reason": "x", "until": "2001-01-01"}, "from tomorrow on"),
        ({"reason": "x", "until": "9999-12-31"}, "from tomorrow on"),
        ({"reason": "x", "until": "tomorrow"}, "Choose a day"),
        ({"reason": "<b>x</b>", "until": ""}, "Fill this in."),
    ],
)
def test_a_hold_that_cannot_be_is_refused_in_words(desk: Desk, bopha, fields, told) -> None:
    ref = desk.caller_asks()
    given = {"ref": ref, "until": "2027-01-01", **fields}
    answer = bopha.sends(f"{PAGE}/hold", PAGE, **given)
    assert answer.status_code == 422
    assert told in bopha.text_of(answer)
    assert "<b>x" not in answer.text


def test_a_case_an_authority_knows_of_takes_two_people(desk: Desk, bopha) -> None:
    desk.take_on("Chenda", "+85510111008", "admin")
    ref = old_case(desk, "referred", 731)
    days_pass(desk, 4)
    assert not forgotten(desk, ref)
    bopha, chenda = desk.staff("Bopha"), desk.staff("Chenda")
    assert ref in bopha.reads(PAGE)
    assert chenda.sends(f"{PAGE}/propose", PAGE, ref=ref).status_code == 403
    assert chenda.sends(f"{PAGE}/agree", PAGE, ref=ref, act="agree").status_code == 422
    assert bopha.sends(f"{PAGE}/propose", PAGE, ref=ref).status_code == 303
    assert bopha.sends(f"{PAGE}/propose", PAGE, ref=ref).status_code == 422
    alone = bopha.sends(f"{PAGE}/agree", PAGE, ref=ref, act="agree")
    assert "two people" in bopha.text_of(alone)
    days_pass(desk, 4)
    assert not forgotten(desk, ref)
    chenda = desk.staff("Chenda")
    assert chenda.sends(f"{PAGE}/agree", PAGE, ref=ref, act="agree").status_code == 303
    days_pass(desk, 5)
    assert forgotten(desk, ref)


def test_what_two_people_agreed_on_may_be_taken_back(desk: Desk, bopha) -> None:
    desk.take_on("Chenda", "+85510111008", "supervisor")
    ref = old_case(desk, "referred", 731)
    bopha.sends(f"{PAGE}/propose", PAGE, ref=ref)
    desk.staff("Chenda").sends(f"{PAGE}/agree", PAGE, ref=ref, act="agree")
    assert bopha.sends(f"{PAGE}/agree", PAGE, ref=ref, act="keep").status_code == 303
    days_pass(desk, 5)
    assert not forgotten(desk, ref)


def test_who_says_nothing_has_not_agreed(desk: Desk, bopha) -> None:
    desk.take_on("Chenda", "+85510111008", "supervisor")
    ref = old_case(desk, "referred", 731)
    bopha.sends(f"{PAGE}/propose", PAGE, ref=ref)
    desk.staff("Chenda").sends(f"{PAGE}/agree", PAGE, ref=ref)
    days_pass(desk, 5)
    assert not forgotten(desk, ref)


def test_what_is_not_due_cannot_be_proposed(desk: Desk, bopha) -> None:
    young = old_case(desk, "referred", 729)
    opened = desk.caller_asks(number="+85596234567")
    for ref in (young, opened, "ZZZZZ", "", "<script>"):
        answer = bopha.sends(f"{PAGE}/propose", PAGE, ref=ref)
        assert answer.status_code == 422, ref
    assert not forgotten(desk, young)


def test_the_page_asks_few_questions_of_many_cases(desk: Desk, bopha) -> None:
    for n in range(40):
        old_case(desk, "referred" if n % 2 else "not_a_case", 800, f"+855123400{n:02}")
    asked: list[str] = []
    engines = desk.hotline.database._open()  # on PostgreSQL one, known by two names
    for engine in engines if desk.hotline.database.is_sqlite else engines[:1]:
        sa.event.listen(
            engine, "before_cursor_execute", lambda c, cur, sql, *more: asked.append(sql)
        )
    bopha.reads(PAGE)
    assert len(asked) <= 15
