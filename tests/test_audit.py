"""The audit chain shows every line that was changed, taken out, put in or moved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hotline import audit
from hotline.storage.audit_line import audit_lines
from hotline.storage.database import Database, Transaction

NOON = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)
LINES = 9
Tamper = Callable[[Transaction], object]


@pytest.fixture
def chain(database: Database) -> Database:
    """Nine lines, an hour apart, of three people."""
    with database.transaction() as tx:
        for place in range(LINES):
            at = NOON + timedelta(hours=place)
            audit.note(tx, at, f"staff:{place % 3}", "read_case", f"case:K7M{place}Q", "plan")
    return database


def first_broken_line(chain: Database) -> int | None:
    with chain.reading() as tx:
        return audit.first_broken_line(tx)


def change(place: int, **values: Any) -> Tamper:
    statement = sa.update(audit_lines).where(audit_lines.c.number == place).values(**values)
    return lambda tx: tx.execute(statement)


def remove(number: int) -> Tamper:
    return lambda tx: tx.execute(sa.delete(audit_lines).where(audit_lines.c.number == number))


def renumber(number: int, to: int) -> Tamper:
    return change(number, number=to)


def remove_and_close_up(tx: Transaction) -> None:
    remove(4)(tx)
    for number in range(5, LINES + 1):
        renumber(number, number - 1)(tx)


def swap(one: int, other: int) -> Tamper:
    def do(tx: Transaction) -> None:
        renumber(one, 1000)(tx)
        renumber(other, one)(tx)
        renumber(1000, other)(tx)

    return do


def insert(tx: Transaction) -> None:
    """A line between two others; whoever put it in made room and copied a hash."""
    for number in range(LINES, 4, -1):
        renumber(number, number + 1)(tx)
    line = tx.execute(sa.select(audit_lines).where(audit_lines.c.number == 4)).one()
    tx.execute(sa.insert(audit_lines), {**line._mapping, "number": 5, "actor": "staff:9"})


def test_a_chain_that_nobody_touched_is_whole(chain: Database) -> None:
    assert first_broken_line(chain) is None


def test_an_empty_chain_is_whole(database: Database) -> None:
    assert first_broken_line(database) is None


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (change(5, at=NOON), 5),
        (change(5, at=NOON + timedelta(hours=4, microseconds=1)), 5),
        (change(5, actor="staff:2"), 5),
        (change(5, action="read"), 5),
        (change(5, object="case:K7M5Q"), 5),
        (change(5, detail=""), 5),
        (change(5, object="case:K7M4Qp", detail="lan"), 5),  # one sign moved to the next field
        (change(5, hash=b"\x00" * 32), 5),
        (change(1, actor="staff:1"), 1),
        (change(LINES, actor="staff:1"), LINES),
        (remove(1), 1),
        (remove(4), 4),
        (remove_and_close_up, 4),
        (insert, 5),
        (swap(3, 4), 3),
        (swap(1, LINES), 1),
        (renumber(LINES, LINES + 1), LINES),
    ],
)
def test_what_was_done_to_the_chain_is_found(chain: Database, tamper: Tamper, broken: int) -> None:
    with chain.transaction() as tx:
        tamper(tx)
    assert first_broken_line(chain) == broken


def test_what_is_added_after_a_broken_line_does_not_mend_it(chain: Database) -> None:
    with chain.transaction() as tx:
        change(2, actor="staff:9")(tx)
        audit.note(tx, NOON, "staff:1", "close", "case:K7M4Q")
    assert first_broken_line(chain) == 2


def test_a_line_is_written_only_with_what_it_tells(chain: Database) -> None:
    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), chain.transaction() as tx:
        audit.note(tx, NOON, "staff:1", "close", "case:K7M4Q")
        raise PowerCut
    with chain.transaction() as tx:
        audit.note(tx, NOON, "staff:2", "claim", "case:K7M4Q")
    assert first_broken_line(chain) is None
    with chain.reading() as tx:
        assert tx.execute(sa.select(sa.func.max(audit_lines.c.number))).scalar() == LINES + 1


def test_many_who_write_at_once_make_one_chain(chain: Database) -> None:
    def write(place: int) -> None:
        with chain.transaction() as tx:
            audit.note(tx, NOON, f"staff:{place}", "claim", "case:K7M4Q", "ខ្មែរ")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(30)))
    assert first_broken_line(chain) is None
    with chain.reading() as tx:
        numbers = tx.execute(sa.select(audit_lines.c.number)).scalars()
        assert sorted(numbers) == list(range(1, LINES + 31))
