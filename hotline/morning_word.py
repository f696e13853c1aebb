"""Each morning: the head of the audit chain is kept, and supervisors get it with two counts.

A chain proves that no line was changed; that none was cut off its end only somebody can tell who
has seen a later one. Supervisors have: it is on their phones, where nobody of the desk can reach.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hotline import audit, outbox
from hotline.core.local_time import PHNOM_PENH
from hotline.core.turn import Saying
from hotline.house_rules import MORNING, daily_word
from hotline.parts import Hotline
from hotline.storage.audit_head import has_head, keep_head
from hotline.storage.case import count_open
from hotline.storage.database import Transaction
from hotline.storage.overdue import count_late_cases
from hotline.storage.staff_member import list_staff

SEAL_DIGITS = 16
OFF = "off"
LATEST = timedelta(hours=4)
"""A line that was off in the morning keeps its head and disturbs nobody in the evening."""


def send_if_due(hotline: Hotline) -> bool:
    """Once a day, at the hour the house has set or as soon after it as we are there."""
    here = hotline.now().astimezone(PHNOM_PENH)
    with hotline.reading() as tx:
        at = daily_word(hotline, tx)
        if here.time() < _hour(at) or has_head(tx, here.date()):
            return False
    with hotline.transaction() as tx:
        number, seal = audit.end_of_chain(tx)
        if not keep_head(tx, here.date(), number, seal, hotline.now()):
            return False
        shown = f"{number}-{seal.hex()[:SEAL_DIGITS]}"
        is_morning = at != OFF and _since(here, at) < LATEST
        is_told = is_morning and _tell(hotline, tx, here.date(), shown)
    if is_told:
        hotline.ring({"alerts"})
    return is_told


def _hour(at: str) -> time:
    return time.fromisoformat(MORNING if at == OFF else at)


def _since(here: datetime, at: str) -> timedelta:
    return here - datetime.combine(here.date(), _hour(at), here.tzinfo)


def _tell(hotline: Hotline, tx: Transaction, day: date, seal: str) -> bool:
    words = {
        "day": f"{day:%d/%m}",
        "open": str(sum(count_open(tx).values())),
        "late": str(count_late_cases(tx, hotline.now())),
        "seal": seal,
    }
    say = Saying("STAFF_MORNING", tuple(words.items()))
    put = [
        outbox.put_page(hotline, tx, member, say, None, f"morning:{day}:{member.id}")
        for member in list_staff(tx, ("supervisor",))
    ]
    return any(put)
