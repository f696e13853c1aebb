"""An outbox item: one message that must go out, and everything that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    update,
)

from hotline.core.delivery import CANCELLED, PENDING, SENDING, STAFF, UNCERTAIN
from hotline.storage.carrier_copy import copy_columns, index_of_copies, is_text_sent
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_once

QUEUES = ("alerts", "calls", "replies", "broadcasts")
"""In this order: pages to staff, calls to callers, answers to their texts, messages to many."""

PAGES = ("STAFF_URGENT", "STAFF_OVERDUE", "V_STAFF_PAGE")
"""First prompts of what asks somebody to take a case."""

outbox = Table(
    "outbox_item",
    metadata,
    row_id(),
    Column("queue", String(16), nullable=False),
    Column("audience", String(8), nullable=False),  # staff, caller
    Column("channel", String(8), nullable=False, default="sms"),
    Column("staff_id", BigId, ForeignKey("staff.id")),
    Column("caller_id", BigId, ForeignKey("caller.id")),
    Column("case_id", BigId, ForeignKey("cases.id")),
    Column("prompt", String(48), nullable=False),  # the first prompt of the message
    Column("body_sealed", LargeBinary, nullable=False),  # a call has an empty one
    Column("ask_sealed", LargeBinary),  # what asks for a reply: only where the carrier brings one
    Column("segments", Integer, nullable=False),
    Column("idempotency_key", String(96), nullable=False, unique=True),
    Column("state", String(16), nullable=False, default=PENDING),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_at", utc),
    Column("lease_owner", String(48)),
    Column("lease_until", utc),
    Column("carrier", String(16)),
    Column("provider_sid", String(64)),
    Column("error", String(32)),
    Column("created_at", utc, nullable=False),
    Column("sent_at", utc),
    Column("updated_at", utc, nullable=False),
    Column("resends", Integer, nullable=False, default=0, server_default="0"),  # after it was lost
    Column("polls", Integer, nullable=False, default=0, server_default="0"),
    Column("poll_at", utc),  # ask the carrier then how it ended, or why
    Column("forgotten_at", utc),  # since then without words and, to a caller, without whom
    *copy_columns(),
    Index("outbox_by_sid", "carrier", "provider_sid"),
    Index("outbox_of_staff", "staff_id", "channel", "created_at"),
    Index("outbox_of_case", "case_id", "id"),
)
# Partial indexes stay small as the history grows; SQLite uses them only where a query spells out
# the very same condition, so these are literals and not bound values.
IS_PENDING = outbox.c.state == literal_column(f"'{PENDING}'")
IS_SENDING = outbox.c.state == literal_column(f"'{SENDING}'")
HAS_POLL = outbox.c.poll_at.is_not(None)
Index(
    "outbox_due",
    outbox.c.queue,
    outbox.c.next_at,
    sqlite_where=IS_PENDING,
    postgresql_where=IS_PENDING,
)
Index("outbox_leased", outbox.c.lease_until, sqlite_where=IS_SENDING, postgresql_where=IS_SENDING)
Index("outbox_to_poll", outbox.c.poll_at, sqlite_where=HAS_POLL, postgresql_where=HAS_POLL)
index_of_copies(outbox, outbox.c.id, is_text_sent(outbox))
_IS_KEPT = outbox.c.forgotten_at.is_(None)
Index("outbox_to_forget", outbox.c.created_at, sqlite_where=_IS_KEPT, postgresql_where=_IS_KEPT)
_IS_TO_CALLER = outbox.c.caller_id.is_not(None)
Index(
    "outbox_of_caller",
    outbox.c.caller_id,
    sqlite_where=_IS_TO_CALLER,
    postgresql_where=_IS_TO_CALLER,
)

_DUE = (
    select(outbox.c.id)
    .where(
        outbox.c.queue == bindparam("queue"),
        IS_PENDING,
        outbox.c.next_at <= bindparam("now"),
    )
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(bindparam("limit"))
)
_TIMES = (
    select(func.coalesce(outbox.c.sent_at, outbox.c.next_at, outbox.c.created_at, type_=utc))
    .where(
        outbox.c.staff_id == bindparam("staff_id"),
        outbox.c.channel == bindparam("channel"),
        outbox.c.created_at >= bindparam("since"),
    )
    .order_by(outbox.c.created_at)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("item_id"), IS_PENDING)
    .values(
        state=SENDING,
        tries=outbox.c.tries + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        updated_at=bindparam("now"),
    )
    .returning(*outbox.c)
)


def put_item(tx: Transaction, **values: Any) -> int | None:
    """Put a message in the outbox; None when one with the same idempotency key is there."""
    return insert_once(tx, outbox, **values)


def claim_items(
    tx: Transaction, queue: str, owner: str, now: datetime, until: datetime, limit: int
) -> list[Found]:
    """Take due items for sending: whoever changes the row first has it until the lease runs out."""
    due = tx.execute(_DUE, {"queue": queue, "now": now, "limit": limit}).scalars().all()
    claimed = []
    for item_id in due:
        given = {"item_id": item_id, "owner": owner, "until": until, "now": now}
        row = tx.execute(_CLAIM, given).first()
        if row is not None:
            claimed.append(row)
    return claimed


def mark_item(tx: Transaction, item_id: int, owner: str, now: datetime, **values: Any) -> bool:
    """Write down the end of a try; False when the lease was lost to somebody else meanwhile."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == item_id, outbox.c.state == SENDING, outbox.c.lease_owner == owner)
        .values(updated_at=now, lease_owner=None, lease_until=None, **values)
    )
    return done.rowcount == 1


def find_by_sid(tx: Transaction, carrier: str, sid: str) -> Found | None:
    return tx.execute(
        select(outbox)
        .where(outbox.c.carrier == carrier, outbox.c.provider_sid == sid)
        .with_for_update()
    ).first()


def get_item(tx: Transaction, item_id: int) -> Found | None:
    return tx.execute(select(outbox).where(outbox.c.id == item_id).with_for_update()).first()


def change_item(tx: Transaction, item_id: int, now: datetime, **values: Any) -> None:
    tx.execute(update(outbox).where(outbox.c.id == item_id).values(updated_at=now, **values))


def release_expired(tx: Transaction, now: datetime) -> int:
    """Give back items whose worker died: pages are sent again, a caller's text never is."""
    expired = IS_SENDING & (outbox.c.lease_until < now)
    nobody = {"lease_owner": None, "lease_until": None, "updated_at": now}
    pages = tx.execute(
        update(outbox)
        .where(expired, outbox.c.audience == STAFF)
        .values(state=PENDING, next_at=now, **nobody)
    )
    texts = tx.execute(
        update(outbox)
        .where(expired, outbox.c.audience != STAFF)
        .values(state=UNCERTAIN, next_at=None, error="worker_died", **nobody)
    )
    return int(pages.rowcount + texts.rowcount)


def count_by_state(tx: Transaction) -> dict[tuple[str, str], int]:
    found = tx.execute(
        select(outbox.c.audience, outbox.c.state, func.count()).group_by(
            outbox.c.audience, outbox.c.state
        )
    )
    return {(audience, state): number for audience, state, number in found}


def list_items(tx: Transaction, limit: int = 1000) -> Sequence[Found]:
    wanted = ("id", "audience", "channel", "state", "tries", "queue", "case_id", "created_at")
    return tx.execute(
        select(*(outbox.c[name] for name in wanted)).order_by(outbox.c.id.desc()).limit(limit)
    ).all()


def pages_of(tx: Transaction, case_id: int) -> Sequence[Found]:
    """What was sent to staff about a case, oldest first, for its timeline."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(
            outbox.c.created_at,
            outbox.c.sent_at,
            outbox.c.state,
            outbox.c.prompt,
            outbox.c.channel,
            outbox.c.tries,
            staff.c.name.label("staff_name"),
        )
        .join(staff, staff.c.id == outbox.c.staff_id)
        .where(outbox.c.case_id == case_id)
        .order_by(outbox.c.id)
    ).all()


def times_of_pages(
    tx: Transaction, staff_id: int, channel: str, since: datetime
) -> Sequence[datetime]:
    """When something was, or is to be, sent to this staff member by `channel` since then."""
    given = {"staff_id": staff_id, "channel": channel, "since": since}
    return tx.execute(_TIMES, given).scalars().all()


def bring_forward(tx: Transaction, case_id: int, staff_id: int, channel: str, at: datetime) -> bool:
    """Whether a page of this case to this person waits already; it goes at `at` or sooner."""
    sooner = literal(at, utc)
    earlier = case((outbox.c.next_at > sooner, sooner), else_=outbox.c.next_at)
    done = tx.execute(
        update(outbox)
        .where(
            IS_PENDING,
            outbox.c.staff_id == staff_id,
            outbox.c.channel == channel,
            outbox.c.case_id == case_id,
            outbox.c.prompt.in_(PAGES),
        )
        .values(next_at=earlier)
    )
    return done.rowcount > 0


def cancel_pages(tx: Transaction, case_id: int, now: datetime) -> int:
    """Pages about a case that somebody has by now and that have not gone out: nobody needs them."""
    done = tx.execute(
        update(outbox)
        .where(IS_PENDING, outbox.c.case_id == case_id, outbox.c.prompt.in_(PAGES))
        .values(state=CANCELLED, next_at=None, updated_at=now)
    )
    return int(done.rowcount)


def cancel_for_staff(tx: Transaction, staff_id: int, now: datetime) -> int:
    """Texts and calls to this person that have not gone out never will."""
    done = tx.execute(
        update(outbox)
        .where(IS_PENDING, outbox.c.staff_id == staff_id)
        .values(state=CANCELLED, next_at=None, updated_at=now)
    )
    return int(done.rowcount)
