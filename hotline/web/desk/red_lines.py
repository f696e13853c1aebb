"""What is red: a few sentences at the top of Now, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from hotline import checking
from hotline.callers_messages import waiting_messages
from hotline.core.breaker import DIRECTIONS, TEXT
from hotline.referring import referrals_due
from hotline.storage import carrier_health
from hotline.storage.case_access import accesses_since
from hotline.storage.database import Transaction
from hotline.storage.due_case import HowMany
from hotline.storage.finding import list_findings
from hotline.storage.pulse import pulse
from hotline.storage.retention_run import PROPOSED, current_run
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import READ_ANY_CASE, RETAIN, WORK_CASES, may
from hotline.web.desk.on_call import OnCallNow
from hotline.web.desk.times import clock
from hotline.web.desk.visit import Visit
from hotline.web.desk.watch_lines import Rehearsal
from hotline.web.health import LONGEST_DUE_SECONDS, SWEEPS_MISSED

_TELL = _("Tell the person who keeps the server.")
_PHONE = _("Phone the people on call yourself, and the person who keeps the server.")
_CALL_THEM = _("Phone the people on call yourself.")
_ONE_DAY = timedelta(days=1)
_LONG_WAIT = timedelta(hours=1)

# Nobody on call now has a line of its own (on_call.html).
_FINDINGS = {
    checking.NO_NEXT_STEP: (
        _("%(n)s cases had been forgotten. Their alerts were started again."),
        _TELL,
    ),
    checking.MESSAGES_LATE: (
        _("%(n)s messages have been waiting to be sent for over 2 minutes."),
        _PHONE,
    ),
    checking.LEASES_STUCK: (_("%(n)s messages got stuck while they were sent."), _TELL),
    checking.VOICE_NOT_FETCHED: (_("%(n)s voice messages could not be fetched yet."), _TELL),
    checking.SET_ASIDE: (_("%(n)s calls or texts could not be read and were set aside."), _TELL),
    checking.CALLS_TOO_LONG: (_("%(n)s calls have been going on for over 20 minutes."), _TELL),
    checking.DISK_NEARLY_FULL: (_("The disk of the server is nearly full."), _TELL),
    checking.BACKUP_OLD: (_("Nothing was saved for over 26 hours."), _TELL),
    checking.CHAIN_BROKEN: (
        _("The audit record is not as it was written."),
        _("Look at the page Audit, and tell the person who keeps the server."),
    ),
    checking.CLOCK_MOVED: (_("The clock of the server was put back."), _TELL),
}


@dataclass(frozen=True, slots=True)
class RedLine:
    """What is wrong, what to do, and where at the desk that is done, if it is done there."""

    words: str
    todo: str
    address: str | None = None


def red_lines(
    here: Visit,
    tx: Transaction,
    how_many: HowMany,
    on_call: OnCallNow,
    rehearsal: Rehearsal | None,
) -> tuple[RedLine, ...]:
    """The most pressing first; empty where nothing is red."""
    return (
        *_waiting(here, how_many),
        *_machinery(here, tx),
        *_rota(here, on_call),
        *_carriers(here, tx),
        *_findings(here, tx),
        *_rehearsed(here, rehearsal),
        *_messages(here, tx),
        *_handovers(here, tx),
        *_to_be_decided(here, tx),
        *_opened_with_a_reason(here, tx),
    )


def _line(
    here: Visit, words: str, todo: str, address: str | None = None, **values: object
) -> RedLine:
    said = translate(here.language, words, **values)
    return RedLine(said, translate(here.language, todo), address)


def _waiting(here: Visit, how_many: HowMany) -> Iterator[RedLine]:
    if how_many.urgent:
        words = _("Urgent cases that nobody has: %(n)s.")
        if may(here.member, WORK_CASES):
            nobodys = url_for("desk.open_cases", whose="nobody")
            yield _line(here, words, _("Take one now."), nobodys, n=how_many.urgent)
        else:
            yield _line(here, words, _CALL_THEM, n=how_many.urgent)
    if how_many.late:
        words = _("Late cases: %(n)s.")
        yield _line(here, words, _("Begin with the first in the list."), n=how_many.late)


def _machinery(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    """The workers may be dead, and then nobody looks for the findings either."""
    now = here.hotline.now()
    beat, due = pulse(tx, now)
    patience = max(SWEEPS_MISSED * here.hotline.settings.sweep_seconds, LONGEST_DUE_SECONDS)
    # A sign of life that is yet to come is of a clock that was put back, and of nobody who lives.
    if beat is None or abs(now - beat).total_seconds() > patience:
        words = _("The alerts stand still: nobody is told of new cases.")
        todo = _("Look at this page every few minutes, and tell the person who keeps the server.")
        yield _line(here, words, todo)
    if due is not None and (now - due).total_seconds() > LONGEST_DUE_SECONDS:
        words = _("Messages to staff and callers have been waiting since %(time)s.")
        yield _line(here, words, _PHONE, time=clock(due, now))
    waiting, _set_aside = here.hotline.spool.count()
    if waiting:
        words = _("%(n)s calls or texts wait on the server: no case was made of them yet.")
        yield _line(here, words, _PHONE, n=waiting)


def _rota(here: Visit, on_call: OnCallNow) -> Iterator[RedLine]:
    if on_call.gap is not None:
        words = _("Nobody is on call from %(time)s.")
        todo = _("Agree who takes that time, and write it into the rota.")
        rota = url_for("desk.rota")
        yield _line(here, words, todo, rota, time=clock(on_call.gap, here.hotline.now()))

    for name in on_call.unverified:
        words = _("The phone of %(name)s, on call now, was never tried.")
        todo = _("Send it a code, on the page of this person or their own.")
        yield _line(here, words, todo, name=name)


def _messages(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    if not may(here.member, WORK_CASES):
        return
    waiting = waiting_messages(tx, here.hotline.now())
    if waiting.oldest is not None and here.hotline.now() - waiting.oldest > _LONG_WAIT:
        words = _("Callers' messages that nobody has read or heard: %(n)s.")
        yield _line(here, words, _("Read or hear them."), url_for("desk.messages"), n=waiting.count)


def _handovers(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    if not may(here.member, WORK_CASES):
        return
    due = referrals_due(tx, here.hotline.now())
    if due:
        words = _("Handovers that no service has confirmed: %(n)s.")
        todo = _("Ring the service and ask whether they reached the caller.")
        yield _line(here, words, todo, url_for("desk.case", ref=due[0].ref), n=len(due))


def _carriers(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    known = carrier_health.all_health(tx)
    names = list(here.hotline.carriers)
    for direction in DIRECTIONS:
        down = [n for n in names if (n, direction) in known and known[n, direction].is_open]
        is_text = direction == TEXT
        if down and len(down) == len(names):
            words = _("No text can be sent now.") if is_text else _("No call can be made now.")
            yield _line(here, words, _PHONE)
            continue
        words = _("Texts fail at %(name)s.") if is_text else _("Calls fail at %(name)s.")
        todo = _("Another carrier has taken over. Tell the person who keeps the server.")
        for name in down:
            yield _line(here, words, todo, name=name.title())


def _findings(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    for row in list_findings(tx):
        if row.code in _FINDINGS:
            yield _line(here, *_FINDINGS[row.code], n=row.number)


def _rehearsed(here: Visit, rehearsal: Rehearsal | None) -> Iterator[RedLine]:
    if rehearsal is not None and rehearsal.is_ok is False:
        words = _("The weekly test of the line failed: callers may not be heard.")
        yield _line(here, words, _TELL)


def _to_be_decided(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    """A sweep of what is no longer kept may wait for a person (retention)."""
    if not may(here.member, RETAIN):
        return
    run = current_run(tx)
    if run is not None and run.state == PROPOSED and run.reasons and run.decided_by is None:
        words = _("Deleting what is no longer kept waits for somebody to decide.")
        yield _line(here, words, _("Look at it and decide."), url_for("desk.retention"))


def _opened_with_a_reason(here: Visit, tx: Transaction) -> Iterator[RedLine]:
    """For those who answer for all cases; others are not told who read what."""
    if not may(here.member, READ_ANY_CASE):
        return
    opened = accesses_since(tx, here.hotline.now() - _ONE_DAY)
    if opened:
        words = _("Cases of colleagues opened with a reason in the last 24 hours: %(n)s.")
        newest = url_for("desk.case", ref=opened[0].ref)
        yield _line(here, words, _("Read in the case why."), newest, n=len(opened))
