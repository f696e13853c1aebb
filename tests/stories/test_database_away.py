"""The database is locked while callers are on the line: they hear so, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotline import switchboard
from hotline.core.events import CallStatus
from hotline.storage.database import DatabaseAway
from tests.stories.line import Line
from workers.sweeps import sweep

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@contextmanager
def locked(line: Line) -> Iterator[None]:
    """Another writer has the database and does not let go."""
    has_it, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with line.hotline.transaction():
            has_it.set()
            may_go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        may_go.set()
        holder.join(10)


def test_a_key_pressed_while_the_database_is_locked_is_a_case_afterwards(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    with locked(line):
        call.press("1")
        call.hears("V_ERR_SYSTEM")
        assert call.ends() == "completed"
        with pytest.raises(DatabaseAway):
            sweep(line.hotline)
    for _ in range(2):  # and once only
        line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().kind == "missing_child"
    assert list(line.hotline.spool.waiting()) == []


def test_the_end_of_a_call_does_not_overtake_the_key_that_waits(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    with locked(line):
        call.press("3")
        call.hears("V_ERR_SYSTEM")
    assert call.ends() == "completed"  # and the database is back when we are told so
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)
    assert (line.only_case().kind, line.only_case().priority) == ("missing_abroad", "P1")


def test_a_key_that_waits_counts_even_if_the_end_was_written_down_before_it(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    with locked(line):
        call.press("2")
        call.hears("V_ERR_SYSTEM")
        call.ends()
        for file in line.hotline.spool.folder.glob("*.waiting"):
            file.rename(file.with_suffix(".elsewhere"))  # on another machine, say
    with line.hotline.transaction() as tx:
        status = CallStatus("simulator", call.sid, "completed", None, None)
        switchboard.end_call(line.hotline, tx, status)
    assert line.only_case().kind == "unclear_urgent"
    for file in line.hotline.spool.folder.glob("*.elsewhere"):
        file.rename(file.with_suffix(".waiting"))
    line.minutes_pass(0)
    case = line.only_case()
    assert (case.kind, case.priority) == ("danger_now", "P0")
    line.dara.receives_text()
    line.takes_it(line.dara)
    line.minutes_pass(0)


def test_a_hang_up_while_the_database_is_locked_counts_as_soon_as_it_is_back(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    with locked(line):
        call.hang_up()
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().reason == "hung_up_on_urgent_menu"


def test_a_staff_member_who_was_cut_off_is_no_case(line: Line) -> None:
    with locked(line):
        call = line.dara.dial()
        call.hears("V_ERR_SYSTEM")
        call.ends()
    line.minutes_pass(0)
    assert line.cases() == []
    assert list(line.hotline.spool.waiting()) == []


def test_who_was_cut_off_before_saying_why_is_a_case_too(line: Line) -> None:
    with locked(line):
        call = line.mother.dial()
        call.hears("V_ERR_SYSTEM")
        call.ends()
    line.minutes_pass(0)
    line.dara.receives_text()
    case = line.only_case()
    assert (case.kind, case.reason) == ("cut_off", "line_was_down")
    assert line.told(case).plan["consent"] == "not_asked"


def test_a_text_that_came_while_the_database_was_locked_is_answered_once(line: Line) -> None:
    with locked(line):
        line.child.texts("juoy")
    for _ in range(2):
        line.minutes_pass(0)
    line.child.receives_text()
    line.dara.receives_text(containing=line.only_case().ref)


def test_what_waits_outside_the_database_is_sealed(line: Line) -> None:
    with locked(line):
        line.child.texts("secret words of a child")
        [file] = line.hotline.spool.waiting()
        kept = file.read_bytes()
    assert b"secret" not in kept
    assert b"96234567" not in kept
    assert file.stat().st_mode & 0o777 == 0o600
    line.minutes_pass(0)
    line.child.receives_text()


def test_a_damaged_file_is_set_aside_and_keeps_nobody_waiting(line: Line) -> None:
    with locked(line):
        line.child.texts("juoy")
    [file] = line.hotline.spool.waiting()
    file.with_name("0-0-0.waiting").write_bytes(b"not sealed at all")
    line.minutes_pass(0)
    line.child.receives_text()
    line.dara.receives_text()
    assert [path.suffix for path in sorted(file.parent.iterdir())] == [".set-aside"]
