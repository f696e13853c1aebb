"""When staff signed in last, and how many of their sessions go on; of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from hotline.storage.authenticator import authenticators
from hotline.storage.database import Transaction
from hotline.storage.desk_session import desk_sessions
from hotline.storage.passkey import passkeys
from hotline.storage.tables import Found, utc


def sessions_of_all(tx: Transaction, since: datetime, seen: datetime) -> Sequence[Found]:
    """A row a person who ever signed in: `staff_id`, `last_at`, `active`.

    A session that began before `since`, or was not used after `seen`, goes on no more.
    """
    table = desk_sessions.c
    goes_on = table.ended_at.is_(None) & (table.created_at > since) & (table.last_seen > seen)
    return tx.execute(
        select(
            table.staff_id,
            func.max(table.created_at, type_=utc).label("last_at"),
            func.count().filter(goes_on).label("active"),
        ).group_by(table.staff_id)
    ).all()


def with_second_factor(tx: Transaction) -> frozenset[int]:
    """Who has shown, at least once, something beside the passphrase that lets them in."""
    of_apps = select(authenticators.c.staff_id).where(authenticators.c.confirmed_at.is_not(None))
    return frozenset(tx.execute(of_apps.union(select(passkeys.c.staff_id))).scalars())
