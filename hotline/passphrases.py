"""A staff member chooses a passphrase of their own: not a weak one, and not without the old one."""

from __future__ import annotations

from hotline import audit, inviting, sessions, tries
from hotline.parts import Hotline
from hotline.passwords import PassphraseFault, fault_of, hash_password, is_right, nobodys_hash
from hotline.proving import Asked, Refused, refuse
from hotline.sessions import Member
from hotline.storage.staff_member import get_staff, hold_staff


def change(hotline: Hotline, asked: Asked, old: str, new: str) -> PassphraseFault | Refused | None:
    """None: it is changed, and every other session of theirs has ended."""
    member = asked.member
    fault = fault_of(new, (member.name,))
    if fault is not None:
        return fault
    this = tries.count(hotline, tries.with_name(hotline, member.name), asked.address)
    with hotline.transaction() as tx:
        if tries.are_too_many(hotline, tx, this):
            return Refused.TOO_MANY
        known = get_staff(tx, member.id).password_hash
    # No transaction is open here: each check takes a tenth of a second on purpose.
    if not is_right(known or nobodys_hash(), inviting.as_given(old)):
        with hotline.transaction() as tx:
            return refuse(hotline, tx, member)
    return _replace(hotline, member, known, inviting.as_given(new), this)


def replace(hotline: Hotline, member: Member, new: str) -> PassphraseFault | Refused | None:
    """In place of the one they were given, with which they have just signed in."""
    fault = fault_of(new, (member.name,))
    if fault is not None:
        return fault
    with hotline.reading() as tx:
        known = get_staff(tx, member.id).password_hash
    return _replace(hotline, member, known, inviting.as_given(new))


def _replace(
    hotline: Hotline, member: Member, known: str | None, new: str, this: tries.Try | None = None
) -> PassphraseFault | Refused | None:
    if is_right(known or nobodys_hash(), new):
        return PassphraseFault.KNOWN
    hashed, now = hash_password(new), hotline.now()
    with hotline.transaction() as tx:
        if known is None or hold_staff(tx, member.id).password_hash != known:
            return Refused.WRONG  # changed, or taken away with a lost phone, in the meantime
        if this is not None:
            tries.went_well(tx, this)
        inviting.accept(hotline, tx, member.id, hashed)
        sessions.sign_out_everywhere(tx, member.id, now, but=member.session)
        audit.note(tx, now, f"staff:{member.id}", "change_passphrase", f"staff:{member.id}")
    return None
