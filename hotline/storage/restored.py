"""What a database says that is not so any more once it was put back from a backup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from hotline.core.bridge_call import CALLER as RINGING_CALLER
from hotline.core.bridge_call import STAFF as RINGING_STAFF
from hotline.core.delivery import CALLER, CANCELLED, PENDING, SENDING, STAFF, UNCERTAIN
from hotline.storage.bridge import bridges
from hotline.storage.case import IS_NOT_CLOSED, cases
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import outbox
from hotline.storage.recording import GONE, recordings
from hotline.storage.tables import Found

MARK = "restored"
_NUMBERS_LEFT_OUT = 100_000


def doubt_messages_to_callers(tx: Transaction, now: datetime) -> int:
    """What was to go to a caller may have gone out since: nobody is sent the same thing twice."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.audience == CALLER, outbox.c.state.in_([PENDING, SENDING]))
        .values(
            state=UNCERTAIN,
            error=MARK,
            next_at=None,
            lease_owner=None,
            lease_until=None,
            updated_at=now,
        )
    )
    return int(done.rowcount)


def send_pages_again(tx: Transaction, now: datetime) -> int:
    """What was on its way to staff goes out now: twice is better than never."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.audience == STAFF, outbox.c.state == SENDING)
        .values(state=PENDING, next_at=now, lease_owner=None, lease_until=None, updated_at=now)
    )
    return int(done.rowcount)


def bridges_being_rung(tx: Transaction) -> Sequence[Found]:
    """Where somebody was being rung for a talk between staff and a caller."""
    ringing = bridges.c.state.in_([RINGING_STAFF, RINGING_CALLER])
    wanted = select(bridges).where(ringing, bridges.c.outcome.is_(None))
    return tx.execute(wanted.order_by(bridges.c.id)).all()


def leave_numbers_out(tx: Transaction, **values: Any) -> None:
    """A receipt for a message that was lost must not be taken for one of a message to come.

    Both are known by their row's number, so the next numbers are far from the lost ones: a row that
    stands for nothing keeps the place.
    """
    highest = tx.execute(select(func.max(outbox.c.id))).scalar() or 0
    place = highest + _NUMBERS_LEFT_OUT
    tx.execute(
        insert(outbox),
        {
            "id": place,
            "idempotency_key": f"{MARK}:{place}",
            "state": CANCELLED,
            "audience": STAFF,
            "queue": "alerts",
            "prompt": MARK,
            "segments": 0,
            **values,
        },
    )


def give_sounds_their_keys(tx: Transaction, keys: Sequence[Sequence[Any]]) -> None:
    """Of the sealed sounds with these names that are here."""
    for file, wrapped in keys:
        tx.execute(update(recordings).where(recordings.c.file == file).values(wrapped=wrapped))


def forget_sounds_without_key(tx: Transaction) -> Sequence[str]:
    """Their files: nobody can open them any more."""
    has_none = recordings.c.wrapped == b""
    files = tx.execute(select(recordings.c.file).where(has_none)).scalars().all()
    tx.execute(
        update(recordings).where(has_none).values(state=GONE, file=None, wrapped=None, next_at=None)
    )
    return [file for file in files if file]


def cases_under_way(tx: Transaction) -> Sequence[Found]:
    """Every case that is not closed, oldest first."""
    wanted = select(cases.c.id, cases.c.ref, cases.c.state).where(IS_NOT_CLOSED)
    return tx.execute(wanted.order_by(cases.c.id)).all()
