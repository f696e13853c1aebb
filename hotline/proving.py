"""Who is this? The second factor after the passphrase, or a proof anew before delicate pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

from hotline import audit, second_factor, sessions, tries
from hotline import second_factor_codes as codes
from hotline import second_factor_passkeys as passkeys
from hotline import second_factor_totp as totp
from hotline.core.door import Step, next_step
from hotline.inviting import as_given
from hotline.parts import Hotline
from hotline.passwords import is_right, nobodys_hash
from hotline.sessions import Member
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

log = structlog.get_logger()


class Refused(StrEnum):
    """Why somebody was not let in, or not believed."""

    WRONG = "wrong"  # also a name that does not exist, and a code that was used
    TOO_MANY = "too_many"
    EXPIRED = "expired"  # right, but the passphrase to begin with was good until then
    STALE = "stale"  # right, but nobody signed in for so long that somebody must invite again


@dataclass(frozen=True, slots=True)
class Asked:
    """Who says so, and from where."""

    member: Member
    address: str


@dataclass(frozen=True, slots=True)
class Proved:
    """`token`: a new one for the cookie; None: the one it has stays good."""

    token: str | None


def step_of(hotline: Hotline, tx: Transaction, member: Member) -> Step | None:
    """What the desk still asks of them; None: it is open."""
    return next_step(
        passed=member.passed,
        has_factor=second_factor.factors_of(tx, member.id).any,
        must_replace=member.must_replace,
        is_required=second_factor.is_required(hotline),
    )


def by_code(hotline: Hotline, asked: Asked, typed: str) -> Proved | Refused:
    """A code of the app; at the door also one of the codes on paper."""
    member = asked.member

    def check(tx: Transaction) -> str | None:
        if totp.use(hotline, tx, member.id, typed):
            return "authenticator"
        if not member.passed and codes.use(hotline, tx, member.id, typed):
            return "recovery_code"
        return None

    return _try(hotline, asked, check)


def by_passkey(hotline: Hotline, asked: Asked, answer: str) -> Proved | Refused:
    def check(tx: Transaction) -> str | None:
        return "passkey" if passkeys.use(hotline, tx, asked.member, answer) else None

    return _try(hotline, asked, check)


def by_passphrase(hotline: Hotline, asked: Asked, words: str) -> Proved | Refused:
    """Not at the door: there it was shown already."""
    member = asked.member
    this = tries.count(hotline, tries.with_name(hotline, member.name), asked.address)
    with hotline.transaction() as tx:
        if tries.are_too_many(hotline, tx, this):
            return Refused.TOO_MANY
        known = get_staff(tx, member.id).password_hash
    # No transaction is open here: the check takes a tenth of a second on purpose.
    if not is_right(known or nobodys_hash(), as_given(words)) or known is None or not member.passed:
        with hotline.transaction() as tx:
            return refuse(hotline, tx, member)
    with hotline.transaction() as tx:
        tries.went_well(tx, this)
        return _believe(hotline, tx, member, "passphrase")


def _try(
    hotline: Hotline, asked: Asked, check: Callable[[Transaction], str | None]
) -> Proved | Refused:
    """Counted and committed first; then used up and believed in one transaction."""
    who = tries.with_second_factor(hotline, asked.member.id)
    this = tries.count(hotline, who, asked.address)
    with hotline.transaction() as tx:
        if tries.are_too_many(hotline, tx, this):
            return Refused.TOO_MANY
        how = check(tx)
        if how is None:
            return refuse(hotline, tx, asked.member)
        tries.went_well(tx, this)
        return _believe(hotline, tx, asked.member, how)


def refuse(hotline: Hotline, tx: Transaction, member: Member) -> Refused:
    """Written down: whoever comes so far knows the passphrase, or has an open session."""
    log.warning("proof_refused")
    audit.note(tx, hotline.now(), f"staff:{member.id}", "proof_refused", "desk")
    return Refused.WRONG


def _believe(hotline: Hotline, tx: Transaction, member: Member, how: str) -> Proved | Refused:
    actor, now = f"staff:{member.id}", hotline.now()
    if member.passed:
        sessions.prove(hotline, tx, member)
        audit.note(tx, now, actor, "prove", "desk", how)
        return Proved(None)
    token = sessions.pass_on(hotline, tx, member)
    if token is None:
        return Refused.WRONG
    audit.note(tx, now, actor, "second_factor", "desk", how)
    return Proved(token)
