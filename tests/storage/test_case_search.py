"""Cases found again by what is plain about them: the right ones, in order, by an index."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, event, insert, text

from hotline.storage.case import CLAIMED, CLOSED, OPEN, cases
from hotline.storage.case_search import Criteria, newest_of, newest_of_number, search_cases
from hotline.storage.database import Database, Transaction
from hotline.storage.due_case import Whose, due_first
from hotline.storage.staff_member import add_staff

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
DARA = 1
PROVINCE = ("01", "0102", "0110")
QUESTIONS = {
    "nothing": Criteria(),
    "state": Criteria(state=CLAIMED),
    "kind": Criteria(kind="debt"),
    "kind and state": Criteria(kind="debt", state=CLOSED),
    "district": Criteria(places=("0102",)),
    "province": Criteria(places=PROVINCE),
    "province and state": Criteria(places=PROVINCE, state=CLOSED),
    "group": Criteria(chi=("violence", "violence.neglect")),
    "group and state": Criteria(chi=("violence", "violence.neglect"), state=OPEN),
    "outcome": Criteria(outcome="helped"),
    "outcome and state": Criteria(outcome="helped", state=CLOSED),
    "days": Criteria(since=NOON - timedelta(days=9), until=NOON - timedelta(days=3)),
    "days and state": Criteria(since=NOON - timedelta(days=9), state=CLOSED),
}
EVERYTHING = Criteria(
    state=CLOSED,
    kind="debt",
    outcome="helped",
    places=PROVINCE,
    chi=("violence", "violence.neglect"),
    since=NOON - timedelta(days=40),
    until=NOON,
)


@pytest.fixture
def years(database: Database) -> list[dict[str, Any]]:
    """Four hundred cases, some of them opened in the same moment."""
    chance = random.Random(4)
    rows = []
    for number in range(1, 401):
        state = chance.choice((OPEN, CLAIMED, CLOSED, CLOSED))
        rows.append(
            {
                "id": number,
                "ref": f"R{number}",
                "kind": chance.choice(("debt", "question")),
                "chi": chance.choice((None, "violence", "violence.neglect", "mental_health")),
                "place": chance.choice((None, "01", "0102", "0110", "0206")),
                "priority": "P2",
                "reason": "asked_by_key",
                "state": state,
                "channel": "voice",
                "flags": [],
                "plan_sealed": b"",
                "notes_sealed": b"",
                "opened_at": NOON - timedelta(hours=chance.randrange(900)),
                "claimed_by": None if state == OPEN else DARA,
                "outcome": chance.choice(("helped", "referred")) if state == CLOSED else None,
                "version": 1,
            }
        )
    with database.transaction() as tx:
        who = {"name": "Dara", "role": "duty", "phone_sealed": b"", "phone_index": b"d" * 16}
        add_staff(tx, **who, active=True, created_at=NOON)
        tx.execute(insert(cases), rows)
    return rows


def fits(row: dict[str, Any], asked: Criteria) -> bool:
    opened = row["opened_at"]
    return (
        asked.state in (None, row["state"])
        and asked.kind in (None, row["kind"])
        and asked.outcome in (None, row["outcome"])
        and (not asked.places or row["place"] in asked.places)
        and (not asked.chi or row["chi"] in asked.chi)
        and (asked.since is None or opened >= asked.since)
        and (asked.until is None or opened < asked.until)
    )


@pytest.mark.parametrize("asked", [*QUESTIONS.values(), EVERYTHING], ids=[*QUESTIONS, "everything"])
def test_page_by_page_every_case_that_fits_comes_once_and_the_newest_first(
    database: Database, years: list[dict[str, Any]], asked: Criteria
) -> None:
    wanted = sorted((row for row in years if fits(row, asked)), key=lambda row: row["id"])
    wanted.sort(key=lambda row: (row["opened_at"], row["id"]), reverse=True)
    found: list[int] = []
    after = None
    with database.reading() as tx:
        while rows := search_cases(tx, asked, after, 7):
            found += [row.id for row in rows]
            after = rows[-1].opened_at, rows[-1].id
    assert wanted
    assert found == [row["id"] for row in wanted]


def plan_of(tx: Transaction, asked: Select[Any], *, bitmaps: bool = False) -> list[str]:
    """How the database would go about it, a line a step."""
    told: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, words: str, values: Any, *_: Any) -> None:
        told.append((words, values))

    event.listen(tx.engine, "before_cursor_execute", listen)
    tx.execute(asked).all()
    event.remove(tx.engine, "before_cursor_execute", listen)
    words, values = told[-1]
    if tx.dialect.name == "sqlite":
        rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
        return [row[3] for row in rows]
    tx.execute(text("SET LOCAL enable_seqscan = off"))  # with so few cases it would be the quickest
    if not bitmaps:
        tx.execute(text("SET LOCAL enable_bitmapscan = off"))
    return [row[0] for row in tx.exec_driver_sql(f"EXPLAIN {words}", values)]


def of_cases(plan: list[str]) -> list[str]:
    named = (" on cases", "SEARCH cases", "SCAN cases")
    return [line for line in plan if any(name in line for name in named)]


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("after", [None, (NOON, 7)], ids=["first page", "later page"])
def test_every_question_is_a_stretch_of_an_index(
    database: Database, years: list[dict[str, Any]], asked: Criteria, after: Any
) -> None:
    """Nothing is scanned and nothing is sorted but the few pages that the arms have found."""
    with database.reading() as tx:
        plan = plan_of(tx, newest_of(asked, after, 51))
    steps = of_cases(plan)
    assert steps, plan
    if database.is_sqlite:
        assert all(line.startswith("SEARCH cases USING COVERING INDEX") for line in steps), plan
    else:
        assert all("Index Scan" in line or "Index Only Scan" in line for line in steps), plan
    assert len([line for line in plan if "TEMP B-TREE" in line or "Sort  (" in line]) <= 1, plan


@pytest.mark.parametrize("callers", [(), (1, 2)], ids=["never rang", "rang"])
def test_the_cases_of_a_number_are_found_by_two_indexes(
    database: Database, years: list[dict[str, Any]], callers: tuple[int, ...]
) -> None:
    with database.reading() as tx:
        plan = plan_of(tx, newest_of_number(callers, (b"a" * 16, b"b" * 16), 51), bitmaps=True)
    said = "\n".join(plan)
    assert "case_by_number" in said, plan
    assert "SCAN cases" not in said
    assert "Seq Scan on cases" not in said
    assert not callers or "case_of_caller" in said, plan


@pytest.mark.parametrize("whose", Whose)
def test_what_is_due_is_asked_of_the_cases_that_are_not_closed(
    database: Database, years: list[dict[str, Any]], whose: Whose
) -> None:
    with database.reading() as tx:
        plan = plan_of(tx, due_first(whose, DARA, None, 51))
    steps = of_cases(plan)
    assert steps, plan
    assert all("Index" in line or "INDEX" in line for line in steps), plan
    if database.is_sqlite:
        assert not any("SCAN cases" in line and "case_to_do" not in line for line in plan), plan


def test_the_statement_for_a_page_does_not_change_with_the_words_in_it() -> None:
    """One statement for all districts, so that it is made once."""

    def shape(asked: Criteria) -> str:
        return str(newest_of(asked, (NOON, 1), 51))

    same: Callable[[Criteria], str] = shape
    assert same(Criteria(places=("0102",))) == same(Criteria(places=("0999",)))
