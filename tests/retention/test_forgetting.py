"""What is old is forgotten, by the schedule; what is open, held or asked for by two stays."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from hotline.core.retention import CASE_RULES
from hotline.storage.case import cases
from hotline.storage.retention_due import due_cases
from hotline.storage.schema import all_tables
from tests.retention.house import NOTE, SECRET, SOUND, House
from tests.web.desk.desk import MOTHER, NEIGHBOUR

KINDS = ("missing_child", "job_offer", "debt", "callback")
OUTCOMES = ("helped", "referred", "no_help_wanted", "not_a_case", "duplicate", None)


def test_a_year_after_it_was_closed_only_counts_remain_of_a_case(house: House) -> None:
    ref = house.someone_tells()
    before = house.everything_readable()
    assert MOTHER in before
    assert SECRET in before
    assert NOTE in before
    opened = house.case(ref).opened_at

    house.days_pass(364)
    assert not house.is_forgotten(ref)
    house.days_pass(3)
    assert house.is_forgotten(ref)
    house.days_pass(33)  # the number goes last, and so does its row

    left = house.everything_readable()
    for word in (MOTHER, MOTHER[1:], SECRET, NOTE, "evening"):
        assert word not in left
    case = house.case(ref)
    assert (case.kind, case.priority, case.outcome) == ("missing_child", "P1", "helped")
    assert case.age_band == "child"
    assert case.caller_id is None
    assert (case.opened_at.astimezone().day, opened.day) == (1, 22) or case.opened_at < opened
    assert house.count("caller") == 0
    assert house.count("case_key") == 0
    assert house.count("recording", file=None) == house.count("recording") == 1
    assert ("worker", "forget_case", f"case:{ref}") in house.audit()


def test_how_long_each_step_took_can_still_be_counted(house: House) -> None:
    ref = house.someone_asks()
    house.desk.minutes_pass(12)
    house.close(ref)
    was = house.case(ref)
    house.days_pass(368)
    now = house.case(ref)
    assert now.closed_at - now.opened_at == was.closed_at - was.opened_at
    assert now.first_attempt_at - now.opened_at == was.first_attempt_at - was.opened_at
    assert now.opened_at != was.opened_at


@pytest.mark.parametrize(
    ("outcome", "kept"), [("not_a_case", 30), ("no_help_wanted", 90), ("helped", 365)]
)
def test_how_long_a_case_is_kept_depends_on_how_it_ended(
    house: House, outcome: str, kept: int
) -> None:
    ref = house.someone_asks()
    house.close(ref, outcome)
    house.days_pass(kept - 1)
    assert not house.is_forgotten(ref)
    house.days_pass(4)
    assert house.is_forgotten(ref)


def test_a_case_that_is_open_is_kept_with_all_of_its_caller(house: House) -> None:
    ref = house.someone_asks()
    house.someone_writes(SECRET)
    house.days_pass(400)
    assert not house.is_forgotten(ref)
    assert SECRET in house.everything_readable()
    assert MOTHER in house.everything_readable()


def test_a_voice_message_goes_a_month_after_its_case_was_closed(house: House) -> None:
    ref = house.someone_tells()
    folder = house.folder / "data" / "recordings"
    house.days_pass(29)
    assert len(list(folder.iterdir())) == 1
    house.days_pass(4)
    assert list(folder.iterdir()) == []
    assert not house.is_forgotten(ref)
    assert house.count("recording", wrapped=None) == 1


def test_what_nobody_has_heard_yet_stays_its_full_time(house: House) -> None:
    ref = house.someone_asks()
    house.desk.caller_speaks(ref, SOUND)
    house.close(ref)
    house.days_pass(80)
    assert house.sounds() == 1
    house.days_pass(14)
    assert house.sounds() == 0


def test_a_message_into_a_closed_case_has_a_month_of_its_own(house: House) -> None:
    ref = house.someone_asks()
    house.close(ref)
    house.days_pass(60)
    house.desk.caller_speaks(ref, SOUND)
    house.somebody_hears(ref)
    house.days_pass(28)
    assert house.sounds() == 1
    house.days_pass(6)
    assert house.sounds() == 0


def test_a_message_without_a_case_stays_while_its_caller_has_one(house: House) -> None:
    ref = house.someone_asks()
    house.desk.caller_speaks(ref, SOUND)
    rows = all_tables().tables["recording"]
    with house.hotline.transaction() as tx:
        tx.execute(sa.update(rows).values(case_id=None))
    house.days_pass(100)
    assert house.sounds() == 1
    house.close(ref)
    house.days_pass(4)
    assert house.sounds() == 0


def test_the_rule_of_a_case_is_the_same_in_the_database(house: House) -> None:
    """Schedule.rule_of_case says it in words, storage asks it as a question."""
    schedule, seen = house.hotline.schedule, {}
    for number, (kind, outcome) in enumerate(product(KINDS, OUTCOMES)):
        ref = house.someone_asks(f"+85512350{number:03}")
        values = {"closed_at": house.hotline.now(), "outcome": outcome, "kind": kind}
        with house.hotline.transaction() as tx:
            tx.execute(sa.update(cases).where(cases.c.ref == ref).values(state="closed", **values))
        seen[house.case(ref).id] = (kind, outcome)
    later = house.hotline.now() + timedelta(days=4000)
    with house.hotline.reading() as tx:
        found = {
            name: set(tx.scalars(due_cases(schedule, schedule.rules[name], later, asked=False)))
            for name in CASE_RULES
        }
    for case_id, (kind, outcome) in seen.items():
        told = outcome == "referred"  # nobody wrote down to whom: it may have been an authority
        expected = schedule.rule_of_case(kind, outcome, to_authority=told).name
        assert [name for name, ids in found.items() if case_id in ids] == [expected]


def test_texts_lose_their_words_and_their_sender_after_a_month(house: House) -> None:
    house.someone_writes("hello", NEIGHBOUR)
    house.days_pass(29)
    assert "hello" in house.everything_readable()
    house.days_pass(4)
    left = house.everything_readable()
    assert '"hello"' not in left
    assert "\nhello\n" not in left
    assert house.count("incoming_text") == 1
    assert house.count("incoming_text", caller_id=None) == 1


def test_a_report_stands_for_a_day_before_anything_goes(house: House) -> None:
    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    house.time_jumps(days=30, minutes=1)
    house.sweep()
    run = house.run()
    assert run.state == "proposed"
    assert run.due["no_case"] == 1
    assert not house.is_forgotten(ref)


def test_what_lies_on_the_disk_is_gone_too(house: House) -> None:
    if not house.hotline.database.is_sqlite:
        house.someone_tells()  # the files of a PostgreSQL server are not ours to read
        house.days_pass(402)
        assert house.count("caller") == 0
        return
    house.someone_tells()
    sealed = house.sealed_bytes()
    assert all(one in house.raw_bytes() for one in sealed)
    house.days_pass(402)
    house.hotline.database.settle_deletions()
    left = house.raw_bytes()
    assert [len(one) for one in sealed if one in left] == []


def test_killed_between_two_steps_the_next_sweep_goes_on(house: House, monkeypatch) -> None:
    """After every single transaction the worker dies once; in the end each thing went once."""
    refs = [house.someone_asks(f"+8551234000{n}") for n in range(4)]
    for ref in refs:
        house.close(ref, "not_a_case")
    monkeypatch.setattr("hotline.retention.AT_ONCE", 1)
    monkeypatch.setattr("hotline.retention.STEPS", 1)
    house.days_pass(31)
    for _ in range(80):
        house.sweep()
    house.days_pass(2)
    for _ in range(80):
        house.sweep()
    assert all(house.is_forgotten(ref) for ref in refs)
    said = [line for line in house.audit() if line[1] == "forget_case"]
    assert sorted(line[2] for line in said) == sorted(f"case:{ref}" for ref in refs)
    done = [run.done.get("no_case", 0) for run in house.runs()]
    assert sum(done) == 4


def test_a_case_that_changed_while_it_was_looked_at_is_left(house: House, monkeypatch) -> None:
    """Somebody opens it again between the question and the deed: then nothing happens to it."""
    from hotline import retention_cases
    from hotline.storage import retention_case

    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    look = retention_case.find_closed

    def looked(tx, case_id):
        found = look(tx, case_id)
        again = {"state": "open", "version": cases.c.version + 1, "closed_at": None}
        tx.execute(sa.update(cases).where(cases.c.id == case_id).values(**again))
        return found

    monkeypatch.setattr(retention_case, "find_closed", looked)
    with house.hotline.transaction() as tx:
        done = retention_cases.forget(house.hotline, tx, house.case(ref).id, "worker", "no_case")
    assert not done
    assert not house.is_forgotten(ref)
    assert house.count("case_key") == 1
