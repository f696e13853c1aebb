"""What the page of a case asks in few questions: who has it, what comes next, a stretch of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from hotline.storage.case import case_events, case_keys, cases
from hotline.storage.database import Transaction
from hotline.storage.follow_up import follow_ups
from hotline.storage.outbox_item import PAGES, outbox
from hotline.storage.staff_member import staff
from hotline.storage.tables import Found

DONE_TO_THEM = frozenset({"claim_lapsed", "taken_back", "attempt_overdue"})
"""Lines that name somebody to whom the line itself did something: news to them too."""

_SAME_MOMENT = timedelta(seconds=2)


def around_case(tx: Transaction, case_id: int) -> Found:
    """`holder`, `wrapped` (its key), and `what`, `due_at`, `reason_sealed` of what comes next.

    Each None where there is none: a step that has ended does not come next.
    """
    is_next = and_(follow_ups.c.case_id == cases.c.id, follow_ups.c.ended_at.is_(None))
    return tx.execute(
        select(
            staff.c.name.label("holder"),
            case_keys.c.wrapped,
            follow_ups.c.what,
            follow_ups.c.due_at,
            follow_ups.c.reason_sealed,
        )
        .select_from(
            cases.outerjoin(staff, staff.c.id == cases.c.claimed_by)
            .outerjoin(case_keys, case_keys.c.case_id == cases.c.id)
            .outerjoin(follow_ups, is_next)
        )
        .where(cases.c.id == case_id)
    ).one()


def newest_events(tx: Transaction, case_id: int, limit: int, skip: int = 0) -> Sequence[Found]:
    """The newest lines of the timeline but `skip`, newest first, with the names of the staff."""
    return tx.execute(
        select(case_events, staff.c.name.label("staff_name"))
        .select_from(case_events.outerjoin(staff, staff.c.id == case_events.c.staff_id))
        .where(case_events.c.case_id == case_id)
        .order_by(case_events.c.at.desc(), case_events.c.id.desc())
        .limit(limit)
        .offset(skip)
    ).all()


def newest_event_id(tx: Transaction, case_id: int) -> int:
    found = tx.execute(
        select(func.max(case_events.c.id)).where(case_events.c.case_id == case_id)
    ).scalar()
    return int(found or 0)


def events_after(
    tx: Transaction, case_id: int, event_id: int, but_of: int, limit: int
) -> Sequence[Found]:
    """What happened after this line, in order, but for what one person did themselves."""
    is_others = or_(
        case_events.c.staff_id.is_distinct_from(but_of), case_events.c.what.in_(DONE_TO_THEM)
    )
    return tx.execute(
        select(case_events, staff.c.name.label("staff_name"))
        .select_from(case_events.outerjoin(staff, staff.c.id == case_events.c.staff_id))
        .where(case_events.c.case_id == case_id, case_events.c.id > event_id, is_others)
        .order_by(case_events.c.id)
        .limit(limit)
    ).all()


def last_of(tx: Transaction, case_id: int, whats: Collection[str]) -> str | None:
    """Which of these happened last."""
    found = select(case_events.c.what).where(
        case_events.c.case_id == case_id, case_events.c.what.in_(whats)
    )
    return tx.execute(found.order_by(case_events.c.id.desc()).limit(1)).scalar()


def has_had(tx: Transaction, case_id: int, staff_id: int) -> bool:
    """Whether this staff member has or had the case."""
    mine = (case_events.c.case_id == case_id, case_events.c.staff_id == staff_id)
    begun = select(case_events.c.id).where(*mine, case_events.c.what.in_(("claimed", "given_to")))
    return tx.execute(begun.limit(1)).first() is not None


def alerts_between(
    tx: Transaction, case_id: int, since: datetime, until: datetime
) -> Sequence[Found]:
    """The alerts that were put in this stretch of time, and how far they came, oldest first."""
    return tx.execute(
        select(
            outbox.c.created_at,
            outbox.c.state,
            outbox.c.channel,
            staff.c.name.label("staff_name"),
        )
        .join(staff, staff.c.id == outbox.c.staff_id)
        .where(
            outbox.c.case_id == case_id,
            outbox.c.prompt.in_(PAGES),
            outbox.c.created_at >= since - _SAME_MOMENT,
            outbox.c.created_at <= until + _SAME_MOMENT,
        )
        .order_by(outbox.c.id)
    ).all()
