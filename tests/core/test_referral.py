"""What may be passed on, and in which order a handover goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core import referral as rules
from hotline.core.listed_service import CATEGORIES, check_due, next_check, phones_in
from hotline.core.referral import Asked
from hotline.core.service_csv import read_services, write_services

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
answers = some.sampled_from([*rules.ANSWERS, "", "perhaps"])
fields = some.sets(some.sampled_from([*rules.FIELDS, "bank_account"]))
asked = some.builds(
    Asked,
    answer=answers,
    said_by=some.sampled_from([*rules.WHO_SAID, "", "mother"]),
    fields=fields,
    words=some.sampled_from(["", "x"]),
    reason=some.sampled_from(["", "x"]),
)


@given(answers, fields)
def test_nothing_goes_out_without_a_yes_or_danger(answer: str, ticked: set[str]) -> None:
    out = rules.passed_on(answer, ticked)
    assert not out or answer in (rules.YES, rules.MUST)
    assert set(out) <= set(rules.FIELDS)
    assert rules.NUMBER not in out or {rules.SAFE_TIME, rules.WHO_ANSWERS} <= set(out)
    assert set(out) - ticked <= {rules.SAFE_TIME, rules.WHO_ANSWERS}


@given(
    asked,
    some.sets(some.sampled_from(CATEGORIES)),
    some.sampled_from(["P0", "P1", "P2", "P3"]),
    some.sampled_from([rules.BY_DANGER, rules.NEVER]),
    some.booleans(),
)
def test_what_begins_was_agreed_or_is_danger(
    said: Asked, categories: set[str], priority: str, policy: str, refused: bool
) -> None:
    fault = rules.fault_of(
        said, categories=categories, priority=priority, policy=policy, was_refused=refused
    )
    if fault is not None:
        return
    assert said.answer in rules.ANSWERS
    assert not refused or said.answer == rules.NO
    if said.answer == rules.YES:
        assert said.said_by in rules.WHO_SAID
        assert said.fields
    if said.answer == rules.MUST:
        assert policy == rules.BY_DANGER
        assert priority in ("P0", "P1")
        assert said.reason
        assert categories & {"police", "health", "child_protection"}


@given(answers, some.lists(some.sampled_from(rules.STEPS), max_size=12))
def test_a_handover_ends_once_and_only_forwards(answer: str, steps: list[str]) -> None:
    order = [rules.ASKED, rules.AGREED, rules.HANDED_OVER, rules.CONFIRMED]
    state = rules.ASKED
    for step in steps:
        after = rules.state_after(state, answer, step)
        if after is None:
            continue
        assert state in rules.UNDER_WAY
        if after in order:
            assert order.index(after) >= order.index(state)
        state = after
    assert state in (*rules.UNDER_WAY, rules.CONFIRMED, rules.REFUSED, rules.FAILED)
    if state not in rules.UNDER_WAY:
        assert rules.steps_from(state, answer) == []
    if state in (rules.REFUSED, rules.FAILED):
        assert not rules.may_print(state, answer, [rules.NUMBER])


def test_urgent_words_are_missed_after_a_day_others_after_three() -> None:
    assert rules.word_due("P1", NOON) == NOON + timedelta(hours=24)
    assert rules.word_due("P2", NOON) == NOON + timedelta(hours=72)


@pytest.mark.parametrize(
    ("last", "next_one"),
    [("2026-11-22", "2027-02-22"), ("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29")],
)
def test_three_months_later(last: str, next_one: str) -> None:
    assert next_check(date.fromisoformat(last)) == date.fromisoformat(next_one)


def test_what_nobody_checked_is_due_today() -> None:
    assert check_due(None, date(2026, 11, 22)) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("117", ["117"]),
        ("012 345 678, +855 23 900 900", ["012 345 678", "+855 23 900 900"]),
        ("", []),
        ("12", None),
        ("call me", None),
        ("012345678901234567", None),
        ("1," * 6, None),
    ],
)
def test_phones_as_people_write_them(words: str, found: list[str] | None) -> None:
    assert phones_in(words) == found


@given(some.binary(max_size=200))
def test_any_file_gets_an_answer(data: bytes) -> None:
    read = read_services(data, lambda _words: None, date(2026, 11, 22))
    assert read.faults


@given(some.lists(some.text(max_size=20), min_size=1, max_size=4))
def test_what_is_written_is_csv_with_one_line_a_row(names: list[str]) -> None:
    data = write_services([{"name_en": name} for name in names], ["name_en", "place"])
    assert data.startswith(b"\xef\xbb\xbfname_en,place\r\n")
