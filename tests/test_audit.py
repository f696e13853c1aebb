"""The audit chain shows every line that was changed, taken out, put in or moved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hotline import audit
from hotline.storage.audit_head import audit_heads, heads, keep_head
from hotline.storage.audit_line import audit_lines, find_lines
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


def past_the_guard(tx: Transaction) -> None:
    """What only the owner of the database can do: the triggers out of the way."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    for act in ("update", "delete"):
        tx.execute(sa.text(f"DROP TRIGGER audit_line_no_{act}"))


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
        past_the_guard(tx)
        tamper(tx)
    assert first_broken_line(chain) == broken


def test_what_is_added_after_a_broken_line_does_not_mend_it(chain: Database) -> None:
    with chain.transaction() as tx:
        past_the_guard(tx)
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


@pytest.mark.parametrize(
    "tamper",
    [
        change(5, actor="staff:9"),
        remove(5),
        remove(LINES),
        lambda tx: tx.execute(sa.delete(audit_lines)),
        lambda tx: tx.execute(sa.update(audit_heads).values(number=1)),
        lambda tx: tx.execute(sa.delete(audit_heads)),
    ],
)
def test_the_database_refuses_to_change_what_was_written(chain: Database, tamper: Tamper) -> None:
    with chain.transaction() as tx:
        keep_head(tx, NOON.date(), *audit.end_of_chain(tx), NOON)
    refused = pytest.raises(sa.exc.DBAPIError, match="neither changed nor taken out")
    with refused, chain.transaction() as tx:
        tamper(tx)
    assert first_broken_line(chain) is None


def test_postgresql_refuses_to_empty_the_chain(chain: Database) -> None:
    statement = "DELETE FROM audit_line" if chain.is_sqlite else "TRUNCATE audit_line"
    refused = pytest.raises(sa.exc.DBAPIError, match="neither changed nor taken out")
    with refused, chain.transaction() as tx:
        tx.execute(sa.text(statement))


def overwrites(table: sa.Table) -> sa.TextClause:
    """SQLite takes out what is in the way, and tells no trigger for removals of it."""
    names = [column.name for column in table.columns]
    told = ["x'00'" if name == "hash" else name for name in names]
    return sa.text(
        f"INSERT OR REPLACE INTO {table.name} ({', '.join(names)}) "
        f"SELECT {', '.join(told)} FROM {table.name}"
    )


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_nothing_is_written_over_what_was_written(chain: Database) -> None:
    with chain.transaction() as tx:
        keep_head(tx, NOON.date(), *audit.end_of_chain(tx), NOON)
        written = [tx.execute(sa.select(table)).all() for table in (audit_lines, audit_heads)]
    refused = pytest.raises(sa.exc.DBAPIError, match="neither changed nor taken out")
    with refused, chain.transaction() as tx:
        tx.execute(overwrites(audit_lines))
    with chain.transaction() as tx:
        tx.execute(overwrites(audit_heads))
    with chain.reading() as tx:
        left = [tx.execute(sa.select(table)).all() for table in (audit_lines, audit_heads)]
    assert left == written


def test_a_day_has_one_head(chain: Database) -> None:
    with chain.transaction() as tx:
        assert keep_head(tx, NOON.date(), *audit.end_of_chain(tx), NOON)
        audit.note(tx, NOON, "staff:1", "close", "case:K7M4Q")
        assert not keep_head(tx, NOON.date(), *audit.end_of_chain(tx), NOON)
        assert keep_head(tx, NOON.date() + timedelta(1), *audit.end_of_chain(tx), NOON)
        assert [head.number for head in heads(tx)] == [LINES + 1, LINES]


def cut_off(tx: Transaction) -> None:
    past_the_guard(tx)
    tx.execute(sa.delete(audit_lines).where(audit_lines.c.number > LINES - 3))


def write_anew(tx: Transaction) -> None:
    """The whole chain once more with another story, each seal right."""
    past_the_guard(tx)
    tx.execute(sa.delete(audit_lines))
    for _ in range(LINES):
        audit.note(tx, NOON, "staff:7", "read_case", "case:K7M4Q")


@pytest.mark.parametrize(("tamper", "broken"), [(cut_off, LINES - 2), (write_anew, LINES)])
def test_the_head_of_a_day_tells_of_lines_cut_off_and_of_a_chain_written_anew(
    chain: Database, tamper: Tamper, broken: int
) -> None:
    with chain.transaction() as tx:
        keep_head(tx, NOON.date(), *audit.end_of_chain(tx), NOON)
    with chain.transaction() as tx:
        tamper(tx)
    assert first_broken_line(chain) == broken


@pytest.mark.parametrize(("tamper", "broken"), [(cut_off, LINES - 2), (write_anew, LINES)])
def test_so_does_the_seal_on_a_supervisors_phone(
    chain: Database, tamper: Tamper, broken: int
) -> None:
    with chain.reading() as tx:
        number, seal = audit.end_of_chain(tx)
    noted = {number: seal.hex()[:16]}
    with chain.reading() as tx:
        assert audit.first_broken_line(tx, noted) is None
    with chain.transaction() as tx:
        tamper(tx)
    with chain.reading() as tx:
        assert audit.first_broken_line(tx, noted) == broken


def test_lines_are_found_by_who_did_what_to_what_and_when(chain: Database) -> None:
    hour = timedelta(hours=1)
    with chain.reading() as tx:

        def numbers(**wanted: Any) -> list[int]:
            return [line.number for line in find_lines(tx, **wanted)]

        assert numbers() == list(range(LINES, 0, -1))
        assert numbers(limit=2) == [LINES, LINES - 1]
        assert numbers(before=3) == [2, 1]
        assert numbers(actors=["staff:1"]) == [8, 5, 2]
        assert numbers(actors=["staff:1"], before=8, limit=1) == [5]
        assert numbers(object="case:K7M4Q") == [5]
        assert numbers(actions=["close"]) == []
        assert numbers(actors=["staff:1", "nobody"]) == [8, 5, 2]
        assert numbers(since=NOON + 6 * hour) == [9, 8, 7]
        assert numbers(since=NOON + hour, before_time=NOON + 3 * hour) == [3, 2]
        assert numbers(since=NOON + 99 * hour) == []
        assert numbers(before_time=NOON) == []
