"""What keeps the house from forgetting too much: odd numbers, odd clocks, and who said no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline import retention
from hotline.storage import retention_caller, retention_case, retention_due
from hotline.storage.caller import callers
from hotline.storage.case import cases
from hotline.storage.database import DatabaseAway
from tests.retention.house import House


def strict(house: House) -> None:
    """The guard of the real file; the days of a story are usually longer."""
    schedule = house.hotline.schedule
    guard = replace(schedule.guard, jump=timedelta(hours=48))
    house.desk.hotline = replace(house.hotline, schedule=replace(schedule, guard=guard))


def test_a_clock_that_jumps_ahead_does_not_empty_the_house(house: House) -> None:
    strict(house)
    ref = house.someone_tells()
    house.sweep()
    house.time_jumps(days=3000)
    for _ in range(10):
        house.sweep()
        house.time_jumps(days=1, minutes=1)
    assert not house.is_forgotten(ref)
    assert house.run().reasons == ["clock"]
    house.time_jumps(days=-3010)  # somebody sets it right
    house.sweep()
    assert house.runs()[-1].state == "stopped"
    assert not house.is_forgotten(ref)


def test_a_report_of_another_year_keeps_no_true_report_out(house: House) -> None:
    strict(house)
    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    house.time_jumps(days=3000)
    house.sweep()
    house.time_jumps(days=-2969)
    for _ in range(2):
        house.sweep()
        house.time_jumps(days=1, minutes=1)
    assert house.run().due["no_case"] == 1
    assert house.run().reasons == ["stopped"]  # a person looks whether all is well now


def test_a_report_of_another_year_that_was_let_go_stops_by_itself(house: House) -> None:
    from hotline import retention_holds

    strict(house)
    ref = house.someone_tells()
    house.sweep()
    house.time_jumps(days=3000)
    house.sweep()
    with house.hotline.transaction() as tx:
        run = house.run()
        retention_holds.let_go(house.hotline, tx, run.id, house.member("Bopha"))
    house.time_jumps(days=-2990)
    retention.go_on(house.hotline, house.run())
    assert house.runs()[0].state == "stopped"
    assert not house.is_forgotten(ref)


def test_a_report_that_the_database_breaks_off_is_made_by_the_next_sweep(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    house.time_jumps(days=31)

    def goes_away(*_asked: object) -> int:
        raise DatabaseAway("other writers kept the database")

    with monkeypatch.context() as broken:
        broken.setattr(retention_due, "count_closed", goes_away)
        with pytest.raises(DatabaseAway):
            retention.keep_tidy(house.hotline)
    assert house.runs() == []
    retention.keep_tidy(house.hotline)
    assert house.run().due["no_case"] == 1


def test_a_report_that_takes_much_waits_for_a_person(house: House) -> None:
    refs = [house.someone_asks(f"+855123400{n:02}") for n in range(21)]
    for ref in refs:
        house.close(ref, "not_a_case")
    house.days_pass(36)
    assert house.run().reasons == ["many"]
    assert house.run().due["no_case"] == 21
    assert not any(house.is_forgotten(ref) for ref in refs)


def test_what_comes_due_after_the_report_waits_for_the_next(house: House) -> None:
    old, young = house.someone_asks("+85512340001"), house.someone_asks("+85512340002")
    house.close(old, "not_a_case")
    house.time_jumps(hours=12)
    house.close(young, "not_a_case")
    house.time_jumps(days=29, hours=13)
    house.sweep()
    house.time_jumps(days=1, minutes=1)
    house.sweep()
    assert house.is_forgotten(old)
    assert not house.is_forgotten(young)


def test_a_case_opened_anew_while_the_report_stands_is_kept(house: House) -> None:
    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    house.time_jumps(days=30, minutes=1)
    house.sweep()
    with house.hotline.transaction() as tx:
        again = cases.update().where(cases.c.ref == ref)
        tx.execute(again.values(state="claimed", closed_at=None))
    house.time_jumps(days=1, minutes=1)
    house.sweep()
    assert not house.is_forgotten(ref)
    assert house.count("case_key") == 1


def test_every_table_about_a_case_or_a_caller_has_its_fate() -> None:
    """Red here: a new table; say in retention_case or retention_caller what becomes of its rows."""
    assert retention_case.tables_about(cases) <= retention_case.OF_A_CASE.keys()
    assert retention_case.tables_about(callers) == retention_caller.OF_A_CALLER.keys()
