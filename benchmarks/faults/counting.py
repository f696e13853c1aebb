"""After the faults: what the database has, against what callers were promised. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from benchmarks.faults.staff import Staff, ticket_of
from benchmarks.faults.witness import Tally, promised
from hotline import audit
from hotline.core.delivery import CALLER, PENDING, SENDING, STAFF
from hotline.parts import Hotline
from hotline.storage.case import CLAIMED, CLOSED, OPEN, cases
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.escalation import get_escalation
from hotline.storage.follow_up import get_follow_up
from hotline.storage.incoming_text import incoming_texts
from hotline.storage.outbox_item import outbox

CARRIER = "simulator"
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
    """Everything that can be counted once all is quiet; `since`: when this part of the run began."""
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
        count.add("cases doubled", _doubled_cases(opened))
        count.add("cases without a next step", _stranded(tx))
        count.add("outbox items stuck", _stuck(tx, hotline.now()))
        count.add("calls never ended", _unended(tx))
        broken = audit.first_broken_line(tx)
        count.add("audit lines broken", [str(broken)] if broken else [])
    waiting, aside = hotline.spool.count()
    count.add("spool files left", ["one"] * waiting)
    count.add("spool files set aside", ["one"] * aside)
    return count


def is_quiet(hotline: Hotline) -> bool:
    """Nothing waits to be sent, taken up or ended any more."""
    if any(hotline.spool.count()[:1]):
        return False
    with hotline.reading() as tx:
        return not (_stuck(tx, hotline.now()) or _unended(tx) or _unclaimed(tx))


def _lost_cases(tx: Transaction, tally: Tally) -> list[str]:
    known = {row.sid: row for row in tx.execute(conversations.select()).all()}
    lost = []
    for call in tally.calls.values():
        why, row = promised(call), known.get(call.sid)
        if why and (row is None or row.case_id is None):
            where = "no call" if row is None else f"ended {row.ended_how}, turn {row.turn}"
            lost.append(f"{call.sid} {why}; {where}, last heard {sorted(call.last)}")
    return lost


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
    texts = Counter(ticket_of(message.callback) for message in staff.texts.values())
    rings = Counter(ticket_of(call.status_callback or call.url) for call in staff.calls.values())
    taken = texts + rings
    known = {row.id: row for row in tx.execute(outbox.select()).all()}
    of_callers = {number for number, row in known.items() if row.audience == CALLER}
    count.add("texts to callers doubled", _doubled(texts, of_callers))
    count.add("calls to callers doubled", _doubled(rings, of_callers))
    count.found["texts taken by the carrier"] = sum(texts.values())
    count.found["calls taken by the carrier"] = sum(rings.values())
    paged = {
        row.case_id for row in known.values() if row.audience == STAFF and taken.get(row.id, 0) > 0
    }
    lost = [case for case in opened if case.id not in paged and case.state != CLAIMED]
    count.add("pages lost", (f"{case.ref} {case.kind} {case.priority}" for case in lost))
    count.found["pages sent more than once"] = sum(
        taken[number] - 1
        for number, row in known.items()
        if row.audience == STAFF and taken[number]
    )


def _doubled(sent: Counter[int | None], wanted: set[int]) -> list[str]:
    return [
        f"item {ticket} went out {times} times"
        for ticket, times in sent.items()
        if ticket in wanted and times > 1
    ]


def _doubled_cases(opened: Sequence[Any]) -> list[str]:
    """Callers of a run ring within the hour: one caller, one kind of request, one case."""
    seen = Counter((case.caller_id, case.kind) for case in opened if case.caller_id is not None)
    return [f"caller {who}: {n} cases of {kind}" for (who, kind), n in seen.items() if n > 1]


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
    waiting = outbox.select().where(outbox.c.state.in_((PENDING, SENDING)))
    return [
        f"item {row.id} to {row.audience} {row.state} since {row.updated_at}, {row.error}"
        for row in tx.execute(waiting).all()
        if row.state == SENDING or row.next_at is None or row.next_at <= now
    ]


def _unended(tx: Transaction) -> list[str]:
    running = conversations.select().where(
        conversations.c.channel == "voice", conversations.c.ended_at.is_(None)
    )
    return [row.sid for row in tx.execute(running).all()]


def _unclaimed(tx: Transaction) -> bool:
    return tx.execute(cases.select().where(cases.c.state == OPEN)).first() is not None
