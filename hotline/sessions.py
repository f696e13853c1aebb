"""Sessions at the desk: begun, recognised, proved anew, ended. All of it is in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotline import audit
from hotline.parts import Hotline
from hotline.storage import desk_session as table
from hotline.storage.database import Transaction

TOKEN_BYTES = 32
LONGEST = timedelta(hours=12)
EARLY = timedelta(minutes=30)
"""For the second factor, and to set one up; then the passphrase is asked for again."""

PROOF = timedelta(minutes=15)
"""How long a proof of who one is is good for what needs one: a number, a sound, an export."""

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in. `is_early`: something is still asked before the desk opens (core.door)."""

    id: int
    name: str
    role: str
    language: str
    proved_at: datetime | None = None
    session: int = 0
    passed: bool = True
    must_replace: bool = False

    @property
    def is_early(self) -> bool:
        return not self.passed or self.must_replace


def begin(
    hotline: Hotline, tx: Transaction, row: Any, *, passed: bool, device: str | None
) -> tuple[str, int]:
    """A token for the cookie, and the number of the session."""
    token = _new_token(hotline)
    now = hotline.now()
    number = table.begin_session(tx, _hash(token), row.id, now, passed=passed, device=device)
    return token, number


def who_is(hotline: Hotline, token: str, *, quiet: bool = False) -> Member | None:
    """Whose session this is; None once it ended, idled or grew too old.

    `quiet`: a page that renews itself does not count as somebody being there.
    """
    now = hotline.now()
    with hotline.reading() as tx:
        row = table.find_session(tx, _hash(token))
    if row is None or _is_over(hotline, row, now):
        return None
    if not quiet and now - row.last_seen >= _TOUCH_EVERY:
        with hotline.transaction() as tx:
            table.touch_session(tx, row.id, now)
    return Member(
        row.staff_id,
        row.name,
        row.role,
        row.language,
        proved_at=row.proved_at,
        session=row.id,
        passed=row.passed_at is not None,
        must_replace=row.invited is not None,
    )


def needs_proof(member: Member, now: datetime) -> bool:
    """Whether it is too long ago that they proved who they are."""
    return member.proved_at is None or now - member.proved_at >= PROOF


def pass_on(hotline: Hotline, tx: Transaction, member: Member) -> str | None:
    """The second factor was right: a new token. None where the session was passed or ended."""
    token = _new_token(hotline)
    passed = table.pass_session(tx, member.session, _hash(token), hotline.now())
    return token if passed else None


def prove(hotline: Hotline, tx: Transaction, member: Member) -> None:
    table.prove_session(tx, member.session, hotline.now())


def going_on(hotline: Hotline, tx: Transaction, staff_id: int) -> Sequence[Any]:
    """Sessions of this person that are worth something, newest first."""
    now = hotline.now()
    return table.sessions_of(tx, staff_id, now - LONGEST, now - idle_of(hotline))


def end_one(hotline: Hotline, tx: Transaction, member: Member, session: int) -> bool:
    """Sign out elsewhere; False where it is no session of theirs."""
    now = hotline.now()
    if not table.end_session_of(tx, member.id, session, now):
        return False
    audit.note(tx, now, f"staff:{member.id}", "end_session", f"staff:{member.id}")
    return True


def sign_out(hotline: Hotline, token: str, member: Member) -> None:
    now = hotline.now()
    with hotline.transaction() as tx:
        table.end_session(tx, _hash(token), now)
        audit.note(tx, now, f"staff:{member.id}", "sign_out", "desk")


def sign_out_everywhere(tx: Transaction, staff_id: int, now: datetime, but: int = 0) -> int:
    """End every session of this person, but for the one named; how many there were."""
    return table.end_sessions_of(tx, staff_id, now, but)


def idle_of(hotline: Hotline) -> timedelta:
    return timedelta(minutes=hotline.settings.desk_idle_minutes)


def _is_over(hotline: Hotline, row: Any, now: datetime) -> bool:
    longest = LONGEST if row.passed_at is not None else EARLY
    return bool(now - row.created_at >= longest or now - row.last_seen >= idle_of(hotline))


def _new_token(hotline: Hotline) -> str:
    return hotline.chance(TOKEN_BYTES).hex()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
