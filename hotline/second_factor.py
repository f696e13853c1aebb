"""What staff have beside the passphrase: an app, keys, codes on paper; added and removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotline import audit, sessions
from hotline import second_factor_codes as codes
from hotline import second_factor_passkeys as passkeys
from hotline import second_factor_totp as totp
from hotline.parts import Hotline
from hotline.sessions import Member
from hotline.settings import REQUIRED
from hotline.storage.database import Transaction
from hotline.storage.staff_member import hold_staff


@dataclass(frozen=True, slots=True)
class Factors:
    """`codes_left` do not count by themselves: they stand in for what was lost."""

    app: bool
    keys: Sequence[Any]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or bool(self.keys)

    @property
    def how_many(self) -> int:
        return int(self.app) + len(self.keys)


@dataclass(frozen=True, slots=True)
class Added:
    """`new_codes`: to be shown now and never again; none where there are some already."""

    new_codes: list[str]


def factors_of(tx: Transaction, staff_id: int) -> Factors:
    return Factors(
        app=totp.is_set_up(tx, staff_id),
        keys=passkeys.keys_of(tx, staff_id),
        codes_left=codes.left(tx, staff_id),
    )


def is_required(hotline: Hotline) -> bool:
    return hotline.settings.second_factor == REQUIRED


def add_app(
    hotline: Hotline, tx: Transaction, member: Member, typed: str, mark: str
) -> Added | None:
    """None: the code was not the app's, or the app not the one that this browser began with."""
    if not totp.confirm(hotline, tx, member.id, typed, mark):
        return None
    return _added(hotline, tx, member, "authenticator")


def add_passkey(
    hotline: Hotline, tx: Transaction, member: Member, answer: str, name: str
) -> Added | None:
    """None: the key did not answer what was asked."""
    if not passkeys.register(hotline, tx, member, answer, name):
        return None
    return _added(hotline, tx, member, "passkey")


def may_remove(hotline: Hotline, factors: Factors) -> bool:
    """Where one is required the last one stays, until there is another."""
    return not is_required(hotline) or factors.how_many > 1


def remove_app(hotline: Hotline, tx: Transaction, member: Member) -> bool:
    """False where it is not there, or must stay."""
    hold_staff(tx, member.id)  # of two that are removed at once, the second knows of the first
    may = may_remove(hotline, factors_of(tx, member.id))
    return may and totp.remove(tx, member.id) and _removed(hotline, tx, member, "authenticator")


def remove_passkey(hotline: Hotline, tx: Transaction, member: Member, passkey_id: int) -> bool:
    """False where it is not theirs, or must stay."""
    hold_staff(tx, member.id)
    may = may_remove(hotline, factors_of(tx, member.id))
    gone = may and passkeys.remove(tx, member.id, passkey_id)
    return gone and _removed(hotline, tx, member, "passkey")


def new_codes(hotline: Hotline, tx: Transaction, member: Member) -> list[str]:
    """Ten new ones; those of before are void."""
    made = codes.make(hotline, tx, member.id)
    _note(hotline, tx, f"staff:{member.id}", "new_recovery_codes", member.id, "")
    return made


def reset(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> None:
    """For who lost everything: at the next sign-in they set up another. All their sessions end."""
    totp.remove(tx, staff_id)
    passkeys.remove_all(tx, staff_id)
    codes.remove(tx, staff_id)
    sessions.sign_out_everywhere(tx, staff_id, hotline.now())
    _note(hotline, tx, actor, "reset_second_factor", staff_id, "")


def _added(hotline: Hotline, tx: Transaction, member: Member, what: str) -> Added:
    # Another session may be a thief's, who never had to show what is asked from now on.
    # Before the audit chain, as who signs out does: else two wait for each other.
    sessions.sign_out_everywhere(tx, member.id, hotline.now(), but=member.session)
    _note(hotline, tx, f"staff:{member.id}", "add_second_factor", member.id, what)
    has_codes = codes.left(tx, member.id) > 0
    return Added([] if has_codes else new_codes(hotline, tx, member))


def _removed(hotline: Hotline, tx: Transaction, member: Member, what: str) -> bool:
    if not factors_of(tx, member.id).any:
        codes.remove(tx, member.id)
    _note(hotline, tx, f"staff:{member.id}", "remove_second_factor", member.id, what)
    return True


def _note(
    hotline: Hotline, tx: Transaction, actor: str, action: str, staff_id: int, detail: str
) -> None:
    audit.note(tx, hotline.now(), actor, action, f"staff:{staff_id}", detail)
