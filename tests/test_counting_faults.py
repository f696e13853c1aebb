"""What the fault runs count: cases doubled, and programs that fell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from benchmarks.faults.counting import doubled_cases
from benchmarks.faults.machinery import gave_way

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_case(minute: int, closed: int | None = None, *, kind: str = "danger_now", caller: int = 1):
    closed_at = None if closed is None else NOON + timedelta(minutes=closed)
    return SimpleNamespace(
        ref=f"at-{minute}",
        kind=kind,
        caller_id=caller,
        opened_at=NOON + timedelta(minutes=minute),
        closed_at=closed_at,
    )


def test_two_open_at_once_are_one_too_many() -> None:
    assert doubled_cases([a_case(0), a_case(5)]) == ["caller 1: danger_now at-0 and at-5"]
    assert doubled_cases([a_case(0, closed=6), a_case(5)]) != []


def test_what_begins_after_staff_closed_the_first_is_a_new_one() -> None:
    assert doubled_cases([a_case(0, closed=5), a_case(5), a_case(9, closed=10)]) == [
        "caller 1: danger_now at-5 and at-9"
    ]
    assert doubled_cases([a_case(0, closed=5), a_case(6)]) == []


def test_another_need_another_caller_and_a_hidden_number_count_apart() -> None:
    apart = [a_case(0), a_case(1, kind="callback"), a_case(2, caller=2)]
    hidden = [a_case(3), a_case(4)]
    for each in hidden:
        each.caller_id = None
    assert doubled_cases([*apart, *hidden]) == []


def test_a_web_server_that_finds_its_socket_held_did_not_fall() -> None:
    """What the children of the one before it write comes into the same log, also afterwards."""
    held = ["[ERROR] Can't connect to ('127.0.0.1', 8000)", '{"event": "desk_without_database"}']
    assert gave_way(1, held)
    assert not gave_way(3, held)
    assert not gave_way(1, ["Traceback (most recent call last):"])
