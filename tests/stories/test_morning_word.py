"""Supervisors get two counts and a seal each morning; a broken chain is told the same day."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from hotline import chain_watch, checking, house_rules
from hotline.core.local_time import PHNOM_PENH
from hotline.storage import audit_head
from hotline.storage.audit_line import audit_lines
from hotline.storage.finding import list_findings
from hotline.storage.staff_member import find_staff_by_name
from tests.stories.line import Line
from tests.test_audit import past_the_guard

SEAL = re.compile(r"(\d+)-([0-9a-f]{16})")


def the_house_wants_a_word_at(line: Line, at: str) -> None:
    with line.hotline.transaction() as tx:
        bopha = find_staff_by_name(tx, "Bopha").id
        assert house_rules.set_rule(line.hotline, tx, "daily_word", {"at": at}, 0, bopha)


def the_clock_shows(line: Line, hour: int, minute: int) -> None:
    now = line.hotline.now().astimezone(PHNOM_PENH)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    seconds = (then - now) % timedelta(days=1)
    line.minutes_pass(seconds / timedelta(minutes=1))


def heads(line: Line):
    with line.hotline.reading() as tx:
        return audit_head.heads(tx)


def test_a_supervisor_gets_the_seal_once_each_morning(line: Line) -> None:
    the_house_wants_a_word_at(line, "07:30")
    the_clock_shows(line, 7, 0)
    line.bopha.receives_no_text()
    before = len(heads(line))
    the_clock_shows(line, 7, 31)
    text = line.bopha.receives_text()
    head = heads(line)[0]
    number, seal = SEAL.search(text.body).groups()
    assert (int(number), seal) == (head.number, head.hash.hex()[:16])
    line.minutes_pass(60)
    line.bopha.receives_no_text()
    line.dara.receives_no_text()
    assert len(heads(line)) == before + 1


def test_where_nobody_wants_the_text_the_head_is_kept_all_the_same(line: Line) -> None:
    the_clock_shows(line, 7, 0)
    before = len(heads(line))
    the_clock_shows(line, 7, 31)
    assert len(heads(line)) == before + 1
    line.bopha.receives_no_text()


def test_the_text_counts_what_is_open_and_what_is_late(line: Line) -> None:
    the_house_wants_a_word_at(line, "07:30")
    the_clock_shows(line, 7, 20)
    line.mother_asks_for_her_child()
    line.dara.receives_text(containing=line.only_case().ref)
    line.takes_it(line.dara)
    the_clock_shows(line, 7, 31)
    text = line.bopha.receives_text(containing="បើក 1")
    assert "យឺត 0" in text.body


def test_a_broken_chain_is_found_within_a_day_and_told(line: Line) -> None:
    the_house_wants_a_word_at(line, "off")  # a line to tamper with
    line.minutes_pass(1)
    with line.hotline.transaction() as tx:
        past_the_guard(tx)
        tx.execute(sa.update(audit_lines).where(audit_lines.c.number == 1).values(actor="staff:9"))
    line.minutes_pass(23 * 60)
    line.bopha.receives_no_text()
    line.minutes_pass(61)
    assert "staff:9" not in line.bopha.receives_text().body
    line.minutes_pass(2)
    with line.hotline.reading() as tx:
        assert checking.CHAIN_BROKEN in [finding.code for finding in list_findings(tx)]
        assert chain_watch.is_broken(tx)


def test_who_asks_is_answered_at_the_next_sweep(line: Line) -> None:
    the_house_wants_a_word_at(line, "off")
    line.minutes_pass(10)
    with line.hotline.transaction() as tx:
        audit_head.ask_check(tx, find_staff_by_name(tx, "Bopha").id, line.hotline.now())
    line.minutes_pass(1)
    with line.hotline.reading() as tx:
        look = audit_head.last_check(tx)
    assert look.asked_by is not None
    assert look.broken_line is None
    assert look.lines > 0


def test_a_line_that_was_off_in_the_morning_disturbs_nobody_at_night(line: Line) -> None:
    the_house_wants_a_word_at(line, "07:30")
    the_clock_shows(line, 7, 0)
    before = len(heads(line))
    the_clock_shows(line, 22, 0)
    assert len(heads(line)) == before + 1
    line.bopha.receives_no_text()
