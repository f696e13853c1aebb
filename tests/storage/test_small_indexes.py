"""What few rows are asked for at every sweep is found by an index of those few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from hotline.storage import overdue
from hotline.storage.carrier_copy import KINDS, count_overdue, unsettled
from hotline.storage.case import claimed_cases_of, count_open
from hotline.storage.case_search import list_cases
from hotline.storage.database import Database, Transaction
from hotline.storage.incoming_text import unreviewed
from hotline.storage.retention_rows import PILES, Pile, count_due, forget_some

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
Ask = Callable[[Transaction], object]
TO_FORGET = {
    "outbox_item": "outbox_to_forget",
    "conversation": "conversation_to_forget",
    "incoming_text": "text_to_forget",
}


def plan_of(tx: Transaction, ask: Ask) -> str:
    """How the database goes about the first question that is asked."""
    told: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, words: str, values: Any, *_: Any) -> None:
        told.append((words, values))

    event.listen(tx.engine, "before_cursor_execute", listen)
    ask(tx)
    event.remove(tx.engine, "before_cursor_execute", listen)
    words, values = told[0]
    if tx.dialect.name == "sqlite":
        rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
        return "\n".join(row[3] for row in rows)
    tx.execute(text("SET LOCAL enable_seqscan = off"))  # of no row it would be the quickest
    return "\n".join(row[0] for row in tx.exec_driver_sql(f"EXPLAIN {words}", values))


def plan(database: Database, ask: Ask) -> str:
    with database.transaction() as tx:
        return plan_of(tx, ask)


@pytest.mark.parametrize("kind", KINDS)
def test_copies_that_are_not_settled(database: Database, kind: str) -> None:
    found = plan(database, lambda tx: unsettled(tx, kind, NOON, 20))
    assert f"{kind}_copy" in found
    assert "TEMP B-TREE" not in found
    old = NOON - timedelta(hours=3)
    assert f"{kind}_copy" in plan(database, lambda tx: count_overdue(tx, kind, NOON, old))


@pytest.mark.parametrize("before", [None, 7])
def test_texts_that_wait_for_a_reader(database: Database, before: int | None) -> None:
    found = plan(database, lambda tx: unreviewed(tx, before, 50))
    assert "text_unreviewed" in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize(
    "ask",
    [
        count_open,
        list_cases,
        lambda tx: claimed_cases_of(tx, 1),
        lambda tx: overdue.count_late_cases(tx, NOON),
    ],
    ids=["how many are open", "the list of them", "those of one person", "those past a clock"],
)
def test_cases_that_are_not_closed(database: Database, ask: Ask) -> None:
    assert "case_to_do" in plan(database, ask)


def piles() -> list[Any]:
    return [
        pytest.param(pile, id=f"{name}-{pile.table.name}")
        for name, some in PILES.items()
        for pile in some
        if pile.table.name in TO_FORGET
    ]


@pytest.mark.parametrize("pile", piles())
def test_rows_that_are_old_enough_to_be_forgotten(database: Database, pile: Pile) -> None:
    index = TO_FORGET[pile.table.name]
    asks: tuple[Ask, ...] = (
        lambda tx: count_due(tx, pile, NOON),
        lambda tx: forget_some(tx, pile, NOON, NOON, 50),
    )
    for ask in asks:
        assert index in plan(database, ask)
