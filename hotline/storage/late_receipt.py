"""Messages whose end a carrier never told, or not why: when each is to be asked after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from hotline.storage.database import Transaction
from hotline.storage.outbox_item import HAS_POLL, outbox
from hotline.storage.tables import Found


def due_polls(tx: Transaction, now: datetime, limit: int) -> Sequence[Found]:
    """What is to be asked after now, the longest waiting first."""
    wanted = ("id", "state", "carrier", "provider_sid", "channel", "polls", "poll_at", "sent_at")
    return tx.execute(
        select(*(outbox.c[name] for name in wanted))
        .where(HAS_POLL, outbox.c.poll_at <= now, outbox.c.provider_sid.is_not(None))
        .order_by(outbox.c.poll_at)
        .limit(limit)
    ).all()


def claim_poll(tx: Transaction, item_id: int, seen: datetime, until: datetime | None) -> bool:
    """Take one upon us, and set when it is asked after again; False if somebody else did."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == item_id, outbox.c.poll_at == seen)
        .values(poll_at=until, polls=outbox.c.polls + 1)
    )
    return done.rowcount == 1
