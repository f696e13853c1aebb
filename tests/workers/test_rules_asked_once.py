"""A caller waits while a case is opened: the house is asked for each of its rules once at most."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from hotline.storage.staff_member import staff
from tests.workers.conftest import Office


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every question for what was set at the desk."""
    seen: list[str] = []

    def listen(_c: Any, _cursor: Any, words: str, *_: Any) -> None:
        if "FROM house_rule" in words:
            seen.append(words)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("priority", ["P1", "P2"])
def test_opening_a_case_asks_for_its_ladder_once(office: Office, priority: str) -> None:
    with office.hotline.transaction() as tx:
        tx.execute(update(staff).values(quiet_from="22:00", quiet_to="06:00"))
    with asked() as seen:
        office.open_case(priority)
    assert len(seen) == 1


def test_the_hours_of_the_house_are_asked_for_where_somebody_set_none(office: Office) -> None:
    with asked() as seen:
        office.open_case("P2")
    assert len(seen) > 1
