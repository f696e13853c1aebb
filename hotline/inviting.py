"""Letting somebody in: a passphrase to begin with, good for a while and replaced at first use.

Whoever hands it over does so by voice or on paper. It is shown once, to the one who invites.
"""

from __future__ import annotations

from datetime import timedelta

from hotline import audit
from hotline.core.typed_digits import digits_of, in_groups
from hotline.parts import Hotline
from hotline.passwords import hash_given
from hotline.sessions import sign_out_everywhere
from hotline.storage.database import Transaction
from hotline.storage.invitation import forget_invitation, put_invitation
from hotline.storage.staff_member import note_let_in, set_password

VALID = timedelta(hours=72)
VALID_FOR_THE_FIRST = timedelta(hours=24)
_DIGITS = 20  # 66 bits, in five groups of four: read out by phone, typed on any keyboard
_BETWEEN = "-"


def invite(
    hotline: Hotline, tx: Transaction, staff_id: int, actor: str, valid: timedelta = VALID
) -> str:
    """A passphrase for the first sign-in, in place of any they had; all their sessions end.

    `actor` as in the audit chain: "staff:3", "operator". A second factor they have stays.
    """
    now = hotline.now()
    words = in_groups(_chosen_digits(hotline), between=_BETWEEN)
    set_password(tx, staff_id, hash_given(words))
    put_invitation(tx, staff_id, now, now + valid)
    note_let_in(tx, staff_id, now)
    sign_out_everywhere(tx, staff_id, now)
    audit.note(tx, now, actor, "invite", f"staff:{staff_id}")
    return words


def revoke_sessions(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> int:
    """Sign somebody out everywhere, at once; how many sessions that were."""
    now = hotline.now()
    ended = sign_out_everywhere(tx, staff_id, now)
    audit.note(tx, now, actor, "end_sessions", f"staff:{staff_id}")
    return ended


def accept(hotline: Hotline, tx: Transaction, staff_id: int, password_hash: str) -> None:
    """They chose a passphrase of their own."""
    set_password(tx, staff_id, password_hash)
    note_let_in(tx, staff_id, hotline.now())
    forget_invitation(tx, staff_id)


def as_given(typed: str) -> str:
    """Twenty digits are a passphrase of ours, however they are grouped and in whatever script."""
    digits = digits_of(typed)
    return in_groups(digits, between=_BETWEEN) if len(digits) == _DIGITS else typed


def _chosen_digits(hotline: Hotline) -> str:
    # Much more chance than is needed, so that what is left over favours no digit.
    number = int.from_bytes(hotline.chance(32), "big")
    return str(number % 10**_DIGITS).zfill(_DIGITS)
