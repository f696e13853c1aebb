"""Forgetting by the clock: once a day a report of what is due; when it has stood, its carrying out.

In small steps, each a transaction of its own that is whole by itself: stopped at any point, the
next sweep goes on, and nothing is done twice. What was not due when the report was made is not
touched, whatever the clock says later; neither is what is open, held, or changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline import audit, retention_cases, retention_files
from hotline.core.retention import (
    BY_HAND,
    CARRIER_COPIES,
    CASE_RULES,
    CLOCK,
    NOBODY,
    REPORT,
    SET_ASIDE,
    TWO,
    VOICE,
    VOICE_AT_MOST,
    Rule,
)
from hotline.parts import Hotline
from hotline.storage import heartbeat
from hotline.storage import retention_case as case_table
from hotline.storage import retention_due as due
from hotline.storage import retention_rows as rows
from hotline.storage import retention_run as runs
from hotline.storage.database import Transaction

FORGETTER = "retention"
EVERY = timedelta(days=1)

AT_ONCE = 50
"""Rows of one step: short enough that no caller waits for it."""

STEPS = 5
"""Of one sweep."""

log = structlog.get_logger()


def is_due(hotline: Hotline) -> bool:
    """Whether there is anything to tidy; nearly always not."""
    now = hotline.now()
    run, last = _standing(hotline)
    is_run_due = run is not None and (run.as_of > now + EVERY or _may_begin(run, now))
    return is_run_due or _is_another_day(last, now)


def keep_tidy(hotline: Hotline) -> None:
    """One round: go on with what stands, and once a day report what is due."""
    now = hotline.now()
    run, last = _standing(hotline)
    if run is not None and run.as_of > now + EVERY:
        _stop_by_itself(hotline, run)  # else it would keep every true report out for years
    elif run is not None and _may_begin(run, now):
        go_on(hotline, run)
    if _is_another_day(last, now):
        _tidy_up(hotline)
        propose_if_due(hotline)


def _standing(hotline: Hotline) -> tuple[Any, datetime | None]:
    """The run under way, and when the last report was due."""
    with hotline.reading() as tx:
        return runs.current_run(tx), heartbeat.last_beat(tx, FORGETTER)


def _is_another_day(last: datetime | None, now: datetime) -> bool:
    return last is None or last <= now - EVERY or last > now + EVERY


def _may_begin(run: Any, now: datetime) -> bool:
    waits = bool(run.reasons) and run.decided_by is None
    return run.state == runs.RUNNING or (run.runs_at <= now and not waits)


# ---------------------------------------------------------------- the report


def report(hotline: Hotline, tx: Transaction, as_of: datetime) -> dict[str, int]:
    """How many would be forgotten by each rule. Nothing is changed."""
    due.take_time(tx)
    counts = {
        rule.name: _count(hotline, tx, rule, as_of)
        for rule in hotline.schedule.asking(REPORT, TWO)
        if rule.then != BY_HAND
    }
    return {name: number for name, number in counts.items() if number}


def _count(hotline: Hotline, tx: Transaction, rule: Rule, as_of: datetime) -> int:
    before = rule.before(as_of)
    if rule.name in CASE_RULES:
        return due.count(tx, due.due_cases(hotline.schedule, rule, as_of))
    if rule.name == SET_ASIDE:
        return len(retention_files.set_aside(hotline, before))
    if rule.name == VOICE:
        return due.count(tx, case_table.sounds_due(*_sound_terms(hotline, as_of)))
    if rule.name == VOICE_AT_MOST:
        return 0  # counted with the other
    return sum(rows.count_due(tx, pile, before) for pile in rows.PILES[rule.name])


def _sound_terms(hotline: Hotline, as_of: datetime) -> tuple[datetime, datetime]:
    rules = hotline.schedule.rules
    return rules[VOICE].before(as_of), rules[VOICE_AT_MOST].before(as_of)


def propose_if_due(hotline: Hotline) -> bool:
    """Write down the report of the day, if nobody has and none is under way.

    The day counts as reported with the report alone: one that breaks off is made again soon.
    """
    now, guard = hotline.now(), hotline.schedule.guard
    counts, reasons = _looked_over(hotline, now)
    values = {"as_of": now, "runs_at": now + guard.stands, "reasons": list(reasons)}
    with hotline.transaction() as tx:
        if not heartbeat.take_turn(tx, FORGETTER, now, EVERY) or runs.current_run(tx) is not None:
            return False
        if not counts or runs.propose_run(tx, due=counts, **values) is None:
            return False
        detail = f"cases={_cases_in(counts)} all={sum(counts.values())}"
        audit.note(tx, now, "worker", "report_forgetting", "retention", detail)
    if reasons:
        log.warning("forgetting_waits_for_a_person", reasons=list(reasons))
    return True


def _looked_over(hotline: Hotline, now: datetime) -> tuple[dict[str, int], tuple[str, ...]]:
    """What is due, and why a person has to look at it before it is forgotten."""
    with hotline.reading() as tx:
        counts = report(hotline, tx, now)
        last = heartbeat.last_beat(tx, FORGETTER)
        newest = next(iter(runs.last_runs(tx, 1)), None)
        was_stopped = newest is not None and newest.state == runs.STOPPED
        closed = due.count_closed(tx)
    guard = hotline.schedule.guard
    return counts, guard.reasons(_cases_in(counts), closed, last, now, stopped=was_stopped)


def _cases_in(counts: Mapping[str, int]) -> int:
    return sum(counts.get(name, 0) for name in CASE_RULES)


# ---------------------------------------------------------------- carrying it out


def go_on(hotline: Hotline, run: Any) -> None:
    """Some steps of a run that has stood; a run of another year is stopped instead."""
    now = hotline.now()
    if run.as_of > now:
        _stop_by_itself(hotline, run)
        return
    with hotline.transaction() as tx:
        if run.state == runs.PROPOSED and not runs.start_run(tx, run.id):
            return
    for _step in range(STEPS):
        if not _one_step(hotline, run):
            _end(hotline, run)
            return


def _stop_by_itself(hotline: Hotline, run: Any) -> None:
    """The clock was put back: what was due then may not be due."""
    with hotline.transaction() as tx:
        if runs.stop_run(tx, run.id, None, hotline.now()):
            audit.note(tx, hotline.now(), "worker", "stop_forgetting", "retention", CLOCK)


def _one_step(hotline: Hotline, run: Any) -> bool:
    """The next batch that is due; False when nothing is left."""
    with hotline.transaction() as tx:
        row = runs.current_run(tx, lock=True)  # one worker after the other; and nobody stopped it
        if row is None or row.id != run.id or row.state != runs.RUNNING:
            return False
        for name, number in _batches(hotline, tx, row.as_of):
            if number:
                done = {**row.done, name: row.done.get(name, 0) + number}
                runs.count_done(tx, row.id, done)
                return True
    return False


def _batches(hotline: Hotline, tx: Transaction, as_of: datetime) -> Iterator[tuple[str, int]]:
    """Batch by batch, until one had something: cases first, numbers that are left over last."""
    rules = hotline.schedule.rules
    order = (*CASE_RULES, VOICE, SET_ASIDE, *rows.PILES)
    for name in order:
        rule = rules[name]
        if rule.asks == NOBODY:
            continue
        yield name, _forget_some(hotline, tx, rule, as_of)


def _forget_some(hotline: Hotline, tx: Transaction, rule: Rule, as_of: datetime) -> int:
    now, before = hotline.now(), rule.before(as_of)
    if rule.name in CASE_RULES:
        query = due.due_cases(hotline.schedule, rule, as_of)
        found = due.some(tx, query, AT_ONCE)
        return sum(retention_cases.forget(hotline, tx, one, "worker", rule.name) for one in found)
    if rule.name == VOICE:
        which = case_table.sounds_due(*_sound_terms(hotline, as_of))
        return case_table.drop_some_sounds(tx, which, now, AT_ONCE)
    if rule.name == SET_ASIDE:
        return retention_files.delete(retention_files.set_aside(hotline, before))
    for pile in rows.PILES[rule.name]:
        if number := rows.forget_some(tx, pile, before, now, AT_ONCE):
            return number
    return 0


def _end(hotline: Hotline, run: Any) -> None:
    with hotline.transaction() as tx:
        if not runs.end_run(tx, run.id, hotline.now()):
            return
        done = (runs.get_run(tx, run.id)).done
        detail = f"cases={_cases_in(done)} all={sum(done.values())}"
        audit.note(tx, hotline.now(), "worker", "forget", "retention", detail)
    retention_files.remove_orphans(hotline)
    hotline.database.settle_deletions()


def _tidy_up(hotline: Hotline) -> None:
    """What asks nobody: none of it is about what a caller said."""
    now = hotline.now()
    for rule in hotline.schedule.asking(NOBODY):
        if rule.name == CARRIER_COPIES or rule.then == BY_HAND:
            continue
        for pile in rows.PILES[rule.name]:
            while _tidy_some(hotline, pile, rule.before(now)) == AT_ONCE:
                pass


def _tidy_some(hotline: Hotline, pile: rows.Pile, before: datetime) -> int:
    with hotline.transaction() as tx:
        return rows.forget_some(tx, pile, before, hotline.now(), AT_ONCE)
