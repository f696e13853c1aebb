"""Signing in at the desk: count the try, check it slowly, keep a session that can be ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from hotline import audit, second_factor, sessions, tries
from hotline.inviting import as_given
from hotline.parts import Hotline
from hotline.passwords import (
    KNOWN_TO_ALL,
    hash_password,
    is_outdated,
    is_right,
    nobodys_hash,
    normal,
)
from hotline.proving import Refused
from hotline.sessions import Member
from hotline.staffing import tidy_name
from hotline.storage.invitation import find_invitation
from hotline.storage.staff_member import (
    find_staff_by_name,
    hold_staff,
    note_let_in,
    set_password,
)
from hotline.storage.tables import Found

STALE = timedelta(days=30)
"""Who has not signed in for so long is let in again by somebody who knows them."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is for the cookie; only its hash is kept here."""

    token: str
    member: Member


def sign_in(
    hotline: Hotline, name: str, passphrase: str, address: str, device: str | None = None
) -> SignedIn | Refused:
    """A new session. The try is counted, and committed, before the passphrase is looked at."""
    name = tidy_name(name)
    this = tries.count(hotline, tries.with_name(hotline, name), address)
    with hotline.transaction() as tx:
        if tries.are_too_many(hotline, tx, this):
            return Refused.TOO_MANY
        row = find_staff_by_name(tx, name) if name else None
    known = row.password_hash if row is not None else None
    passphrase = as_given(passphrase)
    # No transaction is open here: the check takes a tenth of a second on purpose.
    right = is_right(known or nobodys_hash(), passphrase)
    if row is None or known is None or not right or _is_known_to_all(hotline, passphrase):
        return _refuse(hotline)
    anew = hash_password(passphrase) if is_outdated(known) else None
    return _begin(hotline, row, this, anew, device)


def _refuse(hotline: Hotline) -> Refused:
    """The same for a name that exists and one that does not."""
    log.warning("sign_in_refused")
    with hotline.transaction() as tx:
        audit.note(tx, hotline.now(), "visitor", "sign_in_refused", "desk")
    return Refused.WRONG


def _begin(
    hotline: Hotline, row: Found, this: tries.Try, new_hash: str | None, device: str | None
) -> SignedIn | Refused:
    now = hotline.now()
    with hotline.transaction() as tx:
        # Held, so that a phone that is revoked now finds the new session too, and ends it.
        if hold_staff(tx, row.id).password_hash != row.password_hash:
            return Refused.WRONG  # changed, or taken away, while it was being checked
        invitation = find_invitation(tx, row.id)
        tries.went_well(tx, this)
        late = _too_late(hotline, row, invitation)
        if late is not None:
            audit.note(tx, now, f"staff:{row.id}", "sign_in_refused", "desk", late.value)
            return late
        has_factor = second_factor.factors_of(tx, row.id).any
        passed = not has_factor and not second_factor.is_required(hotline)
        token, number = sessions.begin(hotline, tx, row, passed=passed, device=device)
        note_let_in(tx, row.id, now)
        if new_hash is not None:
            set_password(tx, row.id, new_hash)
        audit.note(tx, now, f"staff:{row.id}", "sign_in", "desk")
    member = Member(row.id, row.name, row.role, row.language, now, number, passed)
    return SignedIn(token, replace(member, must_replace=invitation is not None))


def _too_late(hotline: Hotline, row: Found, invitation: Any | None) -> Refused | None:
    """Only who knows the passphrase hears of it."""
    now = hotline.now()
    if invitation is not None and now >= invitation.ends_at:
        return Refused.EXPIRED
    if hotline.settings.is_demo or row.let_in_at is None:  # the demo's clock is moved by weeks
        return None
    return Refused.STALE if now - row.let_in_at >= STALE else None


def _is_known_to_all(hotline: Hotline, passphrase: str) -> bool:
    return normal(passphrase) == KNOWN_TO_ALL and not hotline.settings.is_demo
