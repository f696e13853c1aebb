"""The auditor: once a minute, whoever sweeps, it asks whether anything is being forgotten.

Above all: each case that is not closed must have a next step. One that has none is given one again,
the supervisors are told, and the log says so, because it can only be a fault of ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline import following_up, ladder, outbox
from hotline.chain_watch import is_broken
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.staffing import is_anyone_on_duty, roster
from hotline.storage import heartbeat, overdue
from hotline.storage.case import OPEN, add_event
from hotline.storage.database import Transaction
from hotline.storage.finding import keep_findings
from hotline.storage.follow_up import FIRST_ATTEMPT, FOLLOW_UP, set_follow_up
from hotline.storage.staff_member import get_staff

AUDITOR = "auditor"
EVERY = timedelta(minutes=1)

GRACE = timedelta(minutes=5)
"""A step that was due longer ago than this is not being taken."""

FAR = timedelta(days=2)
"""No ladder sleeps longer than this; a clock that was wrong may have sent it there."""

LATE_MESSAGE = timedelta(minutes=2)
OLD_LEASE = timedelta(minutes=2)
LATE_SOUND = timedelta(minutes=30)
LONG_CALL = timedelta(minutes=20)
AHEAD = timedelta(minutes=1)
OLD_BACKUP = timedelta(hours=26)  # one a night, and time for it to be made
LEAST_DISK = 200 * 1024 * 1024
LEAST_DISK_SHARE = 0.05

NO_NEXT_STEP = "no_next_step"
MESSAGES_LATE = "messages_late"
LEASES_STUCK = "leases_stuck"
VOICE_NOT_FETCHED = "voice_not_fetched"
SET_ASIDE = "set_aside"
CALLS_TOO_LONG = "calls_too_long"
DISK_NEARLY_FULL = "disk_nearly_full"
CLOCK_MOVED = "clock_moved"
NOBODY_ON_CALL = "nobody_on_call"
CHAIN_BROKEN = "chain_broken"
BACKUP_OLD = "backup_old"
FINDINGS = (
    NO_NEXT_STEP,
    MESSAGES_LATE,
    LEASES_STUCK,
    VOICE_NOT_FETCHED,
    SET_ASIDE,
    CALLS_TOO_LONG,
    DISK_NEARLY_FULL,
    CLOCK_MOVED,
    NOBODY_ON_CALL,
    CHAIN_BROKEN,
    BACKUP_OLD,
)

log = structlog.get_logger()


def check_if_due(hotline: Hotline) -> bool:
    """Once a minute, whoever asks first; whether it was our turn."""
    now = hotline.now()
    with hotline.transaction() as tx:
        newest = heartbeat.newest_beat(tx)
        if not heartbeat.take_turn(tx, AUDITOR, now, EVERY):
            return False
    check(hotline, clock_moved=newest is not None and newest > now + AHEAD)
    return True


def check(hotline: Hotline, *, clock_moved: bool = False) -> dict[str, int]:
    """Look at everything, mend what can be mended; what was found, and how many of each."""
    lacking = _give_next_steps(hotline)
    with hotline.reading() as tx:
        numbers = _count(hotline, tx, hotline.now())
    numbers |= {NO_NEXT_STEP: len(lacking), CLOCK_MOVED: int(clock_moved)}
    found = {code: number for code, number in numbers.items() if number}
    with hotline.transaction() as tx:
        is_new = keep_findings(tx, found, hotline.now())
        is_told = _tell_supervisors(hotline, tx, lacking)
    for code in sorted(is_new):
        log.error("auditor_found", what=code, number=found[code])
    if is_told or lacking:
        hotline.ring({"alerts"})
    return found


def _count(hotline: Hotline, tx: Transaction, now: datetime) -> dict[str, int]:
    return {
        MESSAGES_LATE: overdue.count_due_messages(tx, now - LATE_MESSAGE),
        LEASES_STUCK: overdue.count_old_leases(tx, now - OLD_LEASE),
        VOICE_NOT_FETCHED: overdue.count_unfetched(tx, now - LATE_SOUND),
        CALLS_TOO_LONG: overdue.count_long_calls(tx, now - LONG_CALL),
        NOBODY_ON_CALL: int(not is_anyone_on_duty(tx, now)),
        CHAIN_BROKEN: int(is_broken(tx)),
        BACKUP_OLD: int(_is_backup_old(hotline, tx, now)),
        SET_ASIDE: hotline.spool.count()[1],
        DISK_NEARLY_FULL: int(_is_disk_nearly_full(hotline)),
    }


def _is_backup_old(hotline: Hotline, tx: Transaction, now: datetime) -> bool:
    """Nothing is saved of a demo: it has made-up people only."""
    last = heartbeat.last_beat(tx, heartbeat.BACKUP)
    return not hotline.settings.is_demo and (last is None or now - last > OLD_BACKUP)


def _is_disk_nearly_full(hotline: Hotline) -> bool:
    disk = shutil.disk_usage(hotline.settings.data)
    return disk.free < LEAST_DISK or disk.free < disk.total * LEAST_DISK_SHARE


# ---------------------------------------------------------------- each case has a next step


def _give_next_steps(hotline: Hotline) -> list[int]:
    """The cases that had no next step; they have one again, where that was possible."""
    # What is only due goes first: after a jump of the clock it would look as if it were forgotten.
    ladder.raise_overdue(hotline)
    following_up.raise_overdue(hotline)
    now = hotline.now()
    with hotline.reading() as tx:
        lacking = overdue.cases_without_next_step(tx, now - GRACE, now + FAR)
    return [case.id for case in lacking if _give_one(hotline, case.id)]


def _give_one(hotline: Hotline, case_id: int) -> bool:
    """Whether the case really had none. One that cannot be mended must not keep the others."""
    now = hotline.now()
    try:
        with hotline.transaction() as tx:
            # Looked at again: a worker may have been quicker since.
            lacking = overdue.cases_without_next_step(tx, now - GRACE, now + FAR, case_id)
            if not lacking:
                return False
            log.critical("case_without_next_step", case_id=case_id, state=lacking[0].state)
            _start_again(hotline, tx, lacking[0])
    except Exception:
        log.critical("next_step_not_given", case_id=case_id, exc_info=True)
    return True


def _start_again(hotline: Hotline, tx: Transaction, case: Any) -> None:
    if case.state == OPEN:
        ladder.restart(hotline, tx, case.id)
    else:
        what = FIRST_ATTEMPT if case.first_attempt_at is None else FOLLOW_UP
        set_follow_up(tx, case.id, what, hotline.now())


def _tell_supervisors(hotline: Hotline, tx: Transaction, case_ids: Sequence[int]) -> bool:
    """How many they were, and nothing else; each case counts once a day."""
    if not case_ids:
        return False
    now = hotline.now()
    told = overdue.told_since(tx, case_ids, NO_NEXT_STEP, now - timedelta(days=1))
    news = [case_id for case_id in case_ids if case_id not in told]
    if not news:
        return False
    for case_id in news:
        add_event(tx, case_id, NO_NEXT_STEP, now)
    say = Saying("STAFF_AUDIT", (("n", str(len(news))),))
    for staff_id in roster(tx, now).in_charge:
        key = f"audit:{news[0]}:{now:%Y%m%d%H%M}:{staff_id}"
        outbox.put_page(hotline, tx, get_staff(tx, staff_id), say, None, key)
    return True
