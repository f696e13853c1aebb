"""Who is signed in at the desk. Only the hash of a session's token is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    bindparam,
    select,
    update,
)

from hotline.storage.database import Transaction
from hotline.storage.invitation import invitations
from hotline.storage.staff_member import staff
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import insert_row

desk_sessions = Table(
    "desk_session",
    metadata,
    row_id(),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("created_at", utc, nullable=False),
    Column("last_seen", utc, nullable=False),
    Column("ended_at", utc),
    Column("passed_at", utc),  # the second factor was shown, or none was asked for
    Column("proved_at", utc),  # last time somebody proved who they are
    Column("device", String(16)),  # what kind of machine, for the list of one's own sessions
    Column("challenge", LargeBinary(32)),  # what a passkey must answer; worth one answer
    Index("desk_session_of_staff", "staff_id", "ended_at"),
)

_OURS = desk_sessions.c
_GOING_ON = (
    select(
        desk_sessions,
        staff.c.name,
        staff.c.role,
        staff.c.language,
        invitations.c.staff_id.label("invited"),
    )
    .join(staff, staff.c.id == _OURS.staff_id)
    .outerjoin(invitations, invitations.c.staff_id == _OURS.staff_id)
    .where(
        _OURS.token_hash == bindparam("token"),
        _OURS.ended_at.is_(None),
        staff.c.active.is_(True),
    )
)


def begin_session(
    tx: Transaction,
    token_hash: bytes,
    staff_id: int,
    now: datetime,
    *,
    passed: bool,
    device: str | None,
) -> int:
    return insert_row(
        tx,
        desk_sessions,
        token_hash=token_hash,
        staff_id=staff_id,
        created_at=now,
        last_seen=now,
        passed_at=now if passed else None,
        proved_at=now,
        device=device,
    )


def find_session(tx: Transaction, token_hash: bytes) -> Found | None:
    """The session that was not ended, with name, role and language; `invited`: see invitation."""
    return tx.execute(_GOING_ON, {"token": token_hash}).first()


def touch_session(tx: Transaction, session_id: int, now: datetime) -> None:
    tx.execute(update(desk_sessions).where(_OURS.id == session_id).values(last_seen=now))


def pass_session(tx: Transaction, session_id: int, token_hash: bytes, now: datetime) -> bool:
    """The second factor was shown: a new token, and the old one is worth nothing. Once only."""
    early = (_OURS.id == session_id) & _OURS.ended_at.is_(None) & _OURS.passed_at.is_(None)
    news = {"token_hash": token_hash, "passed_at": now, "proved_at": now, "challenge": None}
    return tx.execute(update(desk_sessions).where(early).values(**news)).rowcount == 1


def prove_session(tx: Transaction, session_id: int, now: datetime) -> None:
    tx.execute(update(desk_sessions).where(_OURS.id == session_id).values(proved_at=now))


def put_challenge(tx: Transaction, session_id: int, challenge: bytes) -> None:
    tx.execute(update(desk_sessions).where(_OURS.id == session_id).values(challenge=challenge))


def take_challenge(tx: Transaction, session_id: int) -> bytes | None:
    """What was asked of a passkey; asked for again it is gone. Two at once: one gets it."""
    found = tx.execute(select(_OURS.challenge).where(_OURS.id == session_id)).scalar()
    this = (_OURS.id == session_id) & (_OURS.challenge == found)
    if found is None:
        return None
    taken = tx.execute(update(desk_sessions).where(this).values(challenge=None)).rowcount == 1
    return bytes(found) if taken else None


def end_session(tx: Transaction, token_hash: bytes, now: datetime) -> None:
    tx.execute(
        update(desk_sessions)
        .where(_OURS.token_hash == token_hash, _OURS.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_session_of(tx: Transaction, staff_id: int, session_id: int, now: datetime) -> bool:
    """End one session, if it is this person's; False where there is no such."""
    theirs = (_OURS.id == session_id) & (_OURS.staff_id == staff_id) & _OURS.ended_at.is_(None)
    return tx.execute(update(desk_sessions).where(theirs).values(ended_at=now)).rowcount == 1


def end_sessions_of(tx: Transaction, staff_id: int, now: datetime, but: int = 0) -> int:
    """End every session of one person, but for the one named; how many were going on."""
    return tx.execute(
        update(desk_sessions)
        .where(_OURS.staff_id == staff_id, _OURS.ended_at.is_(None), _OURS.id != but)
        .values(ended_at=now)
    ).rowcount


def sessions_of(tx: Transaction, staff_id: int, begun: datetime, seen: datetime) -> Sequence[Found]:
    """What has not been ended, began and was seen since then, newest first; at most 50."""
    return tx.execute(
        select(desk_sessions)
        .where(
            _OURS.staff_id == staff_id,
            _OURS.ended_at.is_(None),
            _OURS.created_at > begun,
            _OURS.last_seen > seen,
        )
        .order_by(_OURS.id.desc())
        .limit(50)
    ).all()
