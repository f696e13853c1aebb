"""The weekly rehearsal: a call and a page through the whole chain, answered by who is on call.

We post to our own public address what the carrier would post when somebody calls and asks for help.
The case that opens is marked, its ladder pages whoever is on call, and once they answer it closes
by itself. Whatever is not reached in time is named, and the supervisors are told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline import audit, outbox, paging
from hotline.carriers.played_call import NotHeard, PlayedCall
from hotline.carriers.protocol import Carrier
from hotline.core.turn import Saying
from hotline.core.weekly_time import last_time, read_weekly_time
from hotline.house_rules import weekly_rehearsal
from hotline.parts import Hotline
from hotline.staffing import roster
from hotline.storage import rehearsal as table
from hotline.storage.case import CLOSED, add_event, close_if_version, get_case
from hotline.storage.conversation import find_call, forget_drop
from hotline.storage.database import Transaction
from hotline.storage.follow_up import end_follow_up
from hotline.storage.outbox_item import pages_of
from hotline.storage.staff_member import ZONE, get_staff

LATE = timedelta(hours=1)
"""A rehearsal that could not begin in this time waits for the next week."""

LONGEST_PLAY = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=15)

MOST_KEYS = 6
ALWAYS = "1"
"""The key of the most urgent choice in every menu of the line."""

ANSWER, SOUND, CASE, HANG_UP, PAGE, CLAIM = "answer", "sound", "case", "hang_up", "page", "claim"
STEPS = (ANSWER, SOUND, CASE, HANG_UP, PAGE, CLAIM)
"""In the order in which they must be reached."""

_LEFT_US = ("sent", "delivered")

log = structlog.get_logger()


def rehearse_if_due(hotline: Hotline) -> bool:
    """Begin the rehearsal of this week where its time has come; whether one was played."""
    with hotline.reading() as tx:
        weekly = read_weekly_time(weekly_rehearsal(hotline, tx))
    if weekly is None:
        return False
    now = hotline.now()
    planned_for = last_time(weekly, now, ZONE)
    if now - planned_for > LATE:
        return False
    with hotline.reading() as tx:
        if table.was_begun_since(tx, planned_for):
            return False
    return rehearse(hotline, planned_for) is not None


def rehearse(hotline: Hotline, planned_for: datetime) -> int | None:
    """Play the caller's part; the id, or None where somebody else was quicker or one is running."""
    carrier = _whose_turn(hotline)
    sid = f"RH{hotline.chance(16).hex()}"
    with hotline.transaction() as tx:
        now = hotline.now()
        rehearsal_id = table.begin_rehearsal(
            tx, planned_for, carrier=carrier.name, sid=sid, now=now
        )
        if rehearsal_id is None:
            return None
        audit.note(tx, now, "rehearsal", "begin_rehearsal", f"rehearsal:{rehearsal_id}")
    settings = hotline.settings
    token = settings.accounts[carrier.name].auth_token
    _play(
        hotline,
        rehearsal_id,
        PlayedCall(carrier.name, sid, carrier.line, settings.public_base_url, token),
    )
    go_on(hotline)
    return rehearsal_id


def go_on(hotline: Hotline) -> bool:
    """Look how far a running rehearsal has come; whether it is over now."""
    with hotline.reading() as tx:
        if table.running_rehearsal(tx) is None:
            return False
    with hotline.transaction() as tx:
        row = table.running_rehearsal(tx)
        if row is not None:
            _look(hotline, tx, row)
        is_over = table.running_rehearsal(tx) is None
    if is_over:
        hotline.ring({"alerts"})
    return is_over


# ---------------------------------------------------------------- the caller's part


def _whose_turn(hotline: Hotline) -> Carrier:
    """Each carrier's address is tried in its turn."""
    with hotline.reading() as tx:
        last = table.latest_rehearsals(tx)
    names = list(hotline.carriers)
    place = names.index(last[0].carrier) + 1 if last and last[0].carrier in names else 0
    return hotline.carriers[names[place % len(names)]]


def _play(hotline: Hotline, rehearsal_id: int, call: PlayedCall) -> None:
    step = ANSWER
    try:
        call.ring()
        _note(hotline, rehearsal_id, step)
        step = SOUND
        call.listen()
        _note(hotline, rehearsal_id, step)
        step = CASE
        case_id = _ask_for_help(hotline, call)
        _note(hotline, rehearsal_id, step, case_id=case_id)
        step = HANG_UP
        call.hang_up()
        _note(hotline, rehearsal_id, step)
    except NotHeard as fault:
        with hotline.transaction() as tx:
            _fail(hotline, tx, table.get_rehearsal(tx, rehearsal_id), step, fault.code)
        hotline.ring({"alerts"})


def _ask_for_help(hotline: Hotline, call: PlayedCall) -> int:
    """Press the key of the most urgent choice until a case is open; its id. Raises NotHeard."""
    for _ in range(MOST_KEYS):
        call.press(ALWAYS)
        with hotline.transaction() as tx:  # find_call locks the row
            row = find_call(tx, call.carrier, call.sid)
        if row is None:
            raise NotHeard("call_not_kept")
        if row.case_id is not None:
            return int(row.case_id)
    raise NotHeard("opens_no_case")


def _note(hotline: Hotline, rehearsal_id: int, step: str, **values: Any) -> None:
    with hotline.transaction() as tx:
        row = table.get_rehearsal(tx, rehearsal_id)
        table.note_step(tx, row, step, hotline.now(), **values)


# ---------------------------------------------------------------- what becomes of it


def _look(hotline: Hotline, tx: Transaction, row: Any) -> None:
    # Either direction: a clock that was put back must not keep a rehearsal for ever.
    waited = abs(hotline.now() - row.started_at)
    if row.case_id is None:
        if waited > LONGEST_PLAY:
            _fail(hotline, tx, row, first_missing(row), "worker_died")
        return
    row = _note_page(hotline, tx, row)
    case = get_case(tx, row.case_id)
    if case.claimed_by is not None:
        _succeed(hotline, tx, row)
    elif case.state == CLOSED:
        _fail(hotline, tx, row, CLAIM, "closed_by_hand")
    elif waited > LONGEST_WAIT:
        missing = first_missing(row)
        _fail(hotline, tx, row, missing, "no_page_sent" if missing == PAGE else "nobody_answered")


def first_missing(row: Any) -> str:
    """The first step that was not reached; the last where all were."""
    reached = {step for step, _ in row.steps}
    return next((step for step in STEPS if step not in reached), CLAIM)


def _note_page(hotline: Hotline, tx: Transaction, row: Any) -> Any:
    """The page has left us, whatever became of it then."""
    if any(step == PAGE for step, _ in row.steps):
        return row
    if not any(page.state in _LEFT_US for page in pages_of(tx, row.case_id)):
        return row
    table.note_step(tx, row, PAGE, hotline.now())
    return table.get_rehearsal(tx, row.id)


def _succeed(hotline: Hotline, tx: Transaction, row: Any) -> None:
    now = hotline.now()
    table.note_step(tx, row, CLAIM, now)
    table.end_rehearsal(tx, row.id, table.DONE, ended_at=now)
    _close(hotline, tx, row)
    audit.note(tx, now, "rehearsal", "end_rehearsal", f"rehearsal:{row.id}", table.DONE)
    log.info("rehearsal_done", rehearsal=row.id)


def _fail(hotline: Hotline, tx: Transaction, row: Any, step: str, why: str) -> None:
    """Not reached: name the step, close what is open, tell the supervisors."""
    now = hotline.now()
    if not table.end_rehearsal(
        tx, row.id, table.FAILED, failed_at=step, why=why[:32], ended_at=now
    ):
        return
    _close(hotline, tx, row)
    audit.note(tx, now, "rehearsal", "end_rehearsal", f"rehearsal:{row.id}", f"failed {step}")
    log.critical("rehearsal_failed", rehearsal=row.id, step=step, why=why)
    for staff_id in roster(tx, now).in_charge:
        outbox.put_page(
            hotline,
            tx,
            get_staff(tx, staff_id),
            Saying("STAFF_REHEARSAL_FAILED"),
            None,
            f"rehearsal:{row.id}:failed:{staff_id}",
        )


def _close(hotline: Hotline, tx: Transaction, row: Any) -> None:
    """Nothing of a rehearsal stays open, and no later call goes on where this one stopped."""
    now = hotline.now()
    call = find_call(tx, row.carrier, row.sid)
    if call is None:
        return
    forget_drop(tx, call.id, now)
    if call.case_id is None:
        return
    case = get_case(tx, call.case_id)
    if case.kind != table.KIND or case.state == CLOSED:
        return
    close_if_version(
        tx, case.id, case.version, staff_id=case.claimed_by, outcome=table.KIND, now=now
    )
    paging.end_ladder(hotline, tx, case.id)
    end_follow_up(tx, case.id, now)
    add_event(tx, case.id, "closed", now, code=table.KIND)
