"""After the faults: what the database has, against what callers were promised. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from benchmarks.faults.staff import Staff, ticket_of
from benchmarks.faults.witness import HeardCall, Tally, promised
from hotline import audit
from hotline.core.delivery import CALLER, PENDING, SENDING, STAFF, UNCERTAIN
from hotline.parts import Hotline
from hotline.storage.case import CLAIMED, CLOSED, OPEN, case_events, cases
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.escalation import get_escalation
from hotline.storage.follow_up import get_follow_up
from hotline.storage.incoming_text import incoming_texts
from hotline.storage.outbox_item import outbox
from hotline.storage.page import pages

CARRIER = "simulator"
_SILENT = timedelta(minutes=5, seconds=2)  # a call that did nothing for so long is over
_LATE = timedelta(seconds=30)
_HELD = (
    pages.select()
    .with_only_columns(pages.c.held_until)
    .join(cases, cases.c.id == pages.c.case_id)
    .where(pages.c.held_until.is_not(None), cases.c.state == OPEN)
)
MUST_BE_NONE = (
    "cases lost",
    "texts lost",
    "pages lost",
    "texts to callers doubled",
    "calls to callers doubled",
    "cases doubled",
    "bad answers",
    "slow answers",
    "cases without a next step",
    "audit lines broken",
    "outbox items stuck",
    "spool files left",
    "spool files set aside",
    "calls never ended",
    "programs that fell",
    "days without quiet",
)


@dataclass(slots=True)
class Count:
    """`found`: how many of each; `behind`: one line for each of what must not be."""

    found: Counter[str] = field(default_factory=Counter)
    behind: list[str] = field(default_factory=list)

    def add(self, what: str, lines: Iterable[str]) -> None:
        for line in lines:
            self.found[what] += 1
            self.behind.append(f"{what}: {line}")

    def take(self, other: Count) -> None:
        self.found += other.found
        self.behind += other.behind


def count_all(hotline: Hotline, tally: Tally, staff: Staff, since: datetime) -> Count:
    """Everything that can be counted once all is quiet; `since`: when this day began."""
    count = Count()
    count.add("bad answers", tally.bad)
    count.add("slow answers", tally.slow)
    with hotline.reading() as tx:
        opened = tx.execute(cases.select().where(cases.c.opened_at >= since)).all()
        count.found["cases opened"] = len(opened)
        count.found["promises"] = sum(bool(promised(call)) for call in tally.calls.values())
        count.add("cases lost", _lost_cases(tx, tally))
        count.add("texts lost", _lost_texts(hotline, tx, tally))
        _count_messages(tx, count, staff, opened)
        count.add("cases doubled", doubled_cases(opened))
        # Those of a closed case wait for their time and are of no more concern.
        count.add("outbox items stuck", _stuck(tx, hotline.now()))
        count.add("calls never ended", _unended(tx))
        broken = audit.first_broken_line(tx)
        count.add("audit lines broken", [str(broken)] if broken else [])
    waiting, aside = hotline.spool.count()
    count.add("spool files left", ["one"] * waiting)
    count.add("spool files set aside", ["one"] * aside)
    return count


def quiet_at(hotline: Hotline, now: datetime) -> datetime | None:
    """When the next thing that waits is due (`now`: it is); None when nothing waits any more.

    What is to be said later of a case that is closed is nobody's concern.
    """
    if hotline.spool.has_waiting():
        return now
    with hotline.reading() as tx:
        waiting = [row.next_at or now for row in _under_way(tx) if _matters(row, now)]
        waiting += [row.last_at + _SILENT for row in _running_calls(tx)]
        waiting += [held for held in tx.execute(_HELD).scalars() if held is not None]
        left = tx.execute(cases.select().where(cases.c.state != CLOSED)).all()
        ladders = [get_escalation(tx, case.id) for case in left]
        waiting += [row.next_at for row in ladders if row is not None and row.ended_at is None]
    return max(min(waiting), now) if waiting else None


def _matters(item: Any, now: datetime) -> bool:
    is_due = item.state == SENDING or item.next_at is None or item.next_at <= now
    return is_due or item.audience == CALLER


def told_cases(hotline: Hotline, staff: Staff) -> list[int]:
    """The cases not closed yet of which the carrier has taken a page: somebody can know of them."""
    with hotline.reading() as tx:
        left = tx.execute(cases.select().where(cases.c.state != CLOSED)).all()
        paged = _paged(tx, _taken(staff))
    return [case.id for case in left if case.id in paged or case.state == CLAIMED]


def stranded_cases(hotline: Hotline) -> list[str]:
    """Cases that nobody will be reminded of."""
    with hotline.reading() as tx:
        return _stranded(tx)


def _under_way(tx: Transaction) -> Sequence[Any]:
    return tx.execute(outbox.select().where(outbox.c.state.in_((PENDING, SENDING)))).all()


def _running_calls(tx: Transaction) -> Sequence[Any]:
    running = conversations.select().where(
        conversations.c.channel == "voice", conversations.c.ended_at.is_(None)
    )
    return tx.execute(running).all()


def _lost_cases(tx: Transaction, tally: Tally) -> list[str]:
    known = {row.sid: row for row in tx.execute(conversations.select()).all()}
    kinds = {row.id: row for row in tx.execute(cases.select()).all()}
    lost = []
    for call in tally.calls.values():
        why, row = promised(call), known.get(call.sid)
        case = kinds.get(row.case_id) if row is not None else None
        if why and case is None:
            where = "no call" if row is None else f"ended {row.ended_how}, turn {row.turn}"
            lost.append(f"{call.sid} {why}; {where}, last heard {sorted(call.last)}")
        elif not why or not call.asked_for or case is None or row is None:
            continue
        elif not _is_known_as(case, call.asked_for) and not _was_closed_in(kinds, row, call):
            lost.append(f"{call.sid} asked for {call.asked_for}, is {case.kind} {case.priority}")
    return lost


def _is_known_as(case: Any, kind: str) -> bool:
    """As what was asked for, or as something more urgent that the same caller asked for too."""
    return (
        case.kind == kind
        or case.priority == "P0"
        or (case.priority == "P1" and kind != "danger_now")
    )


def _was_closed_in(known: Mapping[int, Any], call: Any, heard: HeardCall) -> bool:
    """Staff closed what was asked for while the call went on: what came after it is a new case."""
    return any(
        case.kind == heard.asked_for
        and case.caller_id == call.caller_id
        and case.closed_at is not None
        and case.closed_at >= call.started_at
        for case in known.values()
    )


def _lost_texts(hotline: Hotline, tx: Transaction, tally: Tally) -> list[str]:
    lost = []
    for text in tally.texts.values():
        kept = tx.execute(
            incoming_texts.select().where(
                incoming_texts.c.carrier == CARRIER, incoming_texts.c.sid == text.sid
            )
        ).first()
        if kept is None:
            if not text.may_be_lost:
                lost.append(f"{text.sid} was answered 200 and is not there")
        elif text.is_urgent and kept.caller_id is not None:
            found = cases.select().where(cases.c.caller_id == kept.caller_id)
            if kept.how not in ("answer", "stop") and tx.execute(found).first() is None:
                lost.append(f"{text.sid} ({kept.how}) opened no case")
    return lost


def _count_messages(tx: Transaction, count: Count, staff: Staff, opened: Sequence[Any]) -> None:
    """What the carrier took, by the outbox item it came from."""
    texts, rings = _texts_taken(staff), _rings_taken(staff)
    taken = texts + rings
    known = tx.execute(outbox.select()).all()
    of_callers = {row.id for row in known if row.audience == CALLER}
    count.add("texts to callers doubled", _doubled(texts, of_callers))
    count.add("calls to callers doubled", _doubled(rings, of_callers))
    count.found["texts taken by the carrier"] = sum(texts.values())
    count.found["calls taken by the carrier"] = sum(rings.values())
    pages_sent = [row for row in known if row.audience == STAFF and taken[row.id]]
    count.found["pages sent more than once"] = sum(taken[row.id] - 1 for row in pages_sent)
    count.found["messages tried again"] = sum(row.tries > 1 for row in known)
    count.found["texts of unknown fate"] = sum(row.state == UNCERTAIN for row in known)
    paged = _paged(tx, taken)
    lost = [case for case in opened if case.id not in paged and case.claimed_at is None]
    count.add("pages lost", (f"{case.ref} {case.kind} {case.priority}" for case in lost))


def _texts_taken(staff: Staff) -> Counter[int | None]:
    # A copy first: the carrier's threads go on while this is counted.
    return Counter(ticket_of(message.callback) for message in list(staff.texts.values()))


def _rings_taken(staff: Staff) -> Counter[int | None]:
    calls = list(staff.calls.values())
    return Counter(ticket_of(call.status_callback or call.url) for call in calls)


def _taken(staff: Staff) -> Counter[int | None]:
    return _texts_taken(staff) + _rings_taken(staff)


def _paged(tx: Transaction, taken: Counter[int | None]) -> set[int]:
    """The cases of which somebody was told, alone or with others."""
    items = tx.execute(outbox.select().where(outbox.c.audience == STAFF)).all()
    told = [row for row in items if taken[row.id]]
    return {row.case_id for row in told} | _told_together(tx, told)


def _told_together(tx: Transaction, told: Sequence[Any]) -> set[int]:
    """Calm cases that somebody was told of in one text with others."""
    got_one = {row.staff_id for row in told if row.prompt == "STAFF_DIGEST"}
    digested = case_events.select().where(case_events.c.what == "digested")
    return {row.case_id for row in tx.execute(digested).all() if row.staff_id in got_one}


def _doubled(sent: Counter[int | None], wanted: set[int]) -> list[str]:
    return [
        f"item {ticket} went out {times} times"
        for ticket, times in sent.items()
        if ticket in wanted and times > 1
    ]


def doubled_cases(opened: Iterable[Any]) -> list[str]:
    """Callers of a run ring within the hour: one need of one caller is one case till it is closed.

    `opened`: rows of cases. One that staff closed is over: who asks after that gets a new one.
    """
    by_need: dict[tuple[int, str], list[Any]] = {}
    for case in sorted(opened, key=lambda case: case.opened_at):
        if case.caller_id is not None:
            by_need.setdefault((case.caller_id, case.kind), []).append(case)
    return [
        f"caller {who}: {kind} {first.ref} and {second.ref}"
        for (who, kind), found in by_need.items()
        for first, second in pairwise(found)
        if first.closed_at is None or second.opened_at < first.closed_at
    ]


def _stranded(tx: Transaction) -> list[str]:
    """Cases that nobody will be reminded of."""
    stranded = []
    for case in tx.execute(cases.select().where(cases.c.state != CLOSED)).all():
        next_step = get_escalation if case.state == OPEN else get_follow_up
        row = next_step(tx, case.id)
        if row is None or row.ended_at is not None:
            stranded.append(f"{case.ref} {case.state} {case.kind}")
    return stranded


def _stuck(tx: Transaction, now: datetime) -> list[str]:
    late = now - _LATE
    return [
        f"item {row.id} to {row.audience} {row.state} {row.prompt}, next {row.next_at}, {row.error}"
        for row in _under_way(tx)
        if (row.lease_until or late) <= late and (row.next_at or late) <= late
    ]


def _unended(tx: Transaction) -> list[str]:
    return [row.sid for row in _running_calls(tx)]
