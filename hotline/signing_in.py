"""Signing in at the desk: count the try, check it slowly, keep a session that can be ended."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog

from hotline import audit
from hotline.parts import Hotline
from hotline.passwords import hash_password, is_outdated, is_right, nobodys_hash
from hotline.storage import desk_session as table
from hotline.storage.database import Transaction
from hotline.storage.staff_member import find_staff_by_name, set_password

TOKEN_BYTES = 32
IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
TRIES_OF_A_NAME = 5
TRIES_OF_AN_ADDRESS = 20
LONGEST_NAME = 80
_TOUCH_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class Refused(StrEnum):
    """Why nobody was let in. A name that does not exist gets the answer of a wrong passphrase."""

    WRONG = "wrong"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in."""

    id: int
    name: str
    role: str
    language: str
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is for the cookie; only its hash is kept here."""

    token: str
    member: Member


def sign_in(hotline: Hotline, name: str, passphrase: str, address: str) -> SignedIn | Refused:
    """A new session. The try is counted, and committed, before the passphrase is looked at."""
    name = _tidy(name)
    hashes = _hashes(hotline, name, address)
    with hotline.transaction() as tx:
        attempt = table.note_sign_in(tx, *hashes, hotline.now())
    with hotline.transaction() as tx:
        if _is_throttled(hotline, tx, hashes):
            # A try that was never checked does not make the wait longer.
            table.forget_sign_in(tx, attempt)
            return Refused.TOO_MANY
        row = find_staff_by_name(tx, name) if name else None
    known = row.password_hash if row is not None else None
    # No transaction is open here: the check takes a tenth of a second on purpose.
    right = is_right(known or nobodys_hash(), passphrase)
    if row is None or known is None or not right:
        log.warning("sign_in_refused")
        return Refused.WRONG
    anew = hash_password(passphrase) if is_outdated(known) else None
    return _begin(hotline, row, attempt, anew)


def _begin(hotline: Hotline, row: Any, attempt: int, new_hash: str | None) -> SignedIn:
    token, now = hotline.chance(TOKEN_BYTES).hex(), hotline.now()
    with hotline.transaction() as tx:
        table.mark_signed_in(tx, attempt)
        table.begin_session(tx, _hash(token), row.id, now)
        if new_hash is not None:
            set_password(tx, row.id, new_hash)
        audit.note(tx, now, f"staff:{row.id}", "sign_in", "desk")
    return SignedIn(token, Member(row.id, row.name, row.role, row.language))


def who_is(hotline: Hotline, token: str, *, quiet: bool = False) -> Member | None:
    """Whose session this is; None once it ended, idled or grew too old.

    `quiet`: a page that renews itself does not count as somebody being there.
    """
    now = hotline.now()
    with hotline.reading() as tx:
        row = table.find_session(tx, _hash(token))
    if row is None or now - row.last_seen >= IDLE or now - row.created_at >= LONGEST:
        return None
    if not quiet and now - row.last_seen >= _TOUCH_EVERY:
        with hotline.transaction() as tx:
            table.touch_session(tx, row.id, now)
    return Member(row.staff_id, row.name, row.role, row.language, row.proved_at)


def sign_out(hotline: Hotline, token: str, member: Member) -> None:
    now = hotline.now()
    with hotline.transaction() as tx:
        table.end_session(tx, _hash(token), now)
        audit.note(tx, now, f"staff:{member.id}", "sign_out", "desk")


def sign_out_everywhere(tx: Transaction, staff_id: int, now: datetime) -> int:
    """End every session of this person (a lost phone, a new passphrase); how many there were."""
    return table.end_sessions_of(tx, staff_id, now)


def _is_throttled(hotline: Hotline, tx: Transaction, hashes: tuple[bytes, bytes]) -> bool:
    # The try itself is already among them.
    by_name, by_address = table.failed_sign_ins(tx, *hashes, hotline.now() - WINDOW)
    return by_name > TRIES_OF_A_NAME or by_address > TRIES_OF_AN_ADDRESS


def _hashes(hotline: Hotline, name: str, address: str) -> tuple[bytes, bytes]:
    index = hotline.vault.index
    return index("desk name", name.casefold()), index("desk address", address)


def _tidy(name: str) -> str:
    """As it is stored; "" for what cannot be a name."""
    name = unicodedata.normalize("NFC", name).strip()
    return name if len(name) <= LONGEST_NAME and name.isprintable() else ""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
