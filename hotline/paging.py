"""Paging: alert one person by text and call, and take what they answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline import audit, digests, first_attempt, outbox
from hotline.codes import renew_code
from hotline.core.escalation import VOICE, Policy
from hotline.core.reachability import allowed_at, channels
from hotline.core.turn import Saying
from hotline.house_rules import held_until, policy_of_case
from hotline.parts import Hotline
from hotline.staffing import reach_of
from hotline.storage.case import OPEN, add_event, claim_if_open, get_case
from hotline.storage.database import Transaction
from hotline.storage.escalation import (
    end_escalation,
    get_escalation,
    hasten,
)
from hotline.storage.outbox_item import bring_forward, cancel_pages, times_of_pages
from hotline.storage.page import answers_of, find_page, note_answer, staff_paged_for
from hotline.storage.rehearsal import KIND as REHEARSAL
from hotline.storage.staff_member import get_staff

LOOKED_BACK = timedelta(hours=3)
"""The longest of the throttles."""

CLAIM, CANNOT = "claim", "cannot"


class Answered(StrEnum):
    """What a staff member's answer to a page led to."""

    CLAIMED = "claimed"
    SECOND = "second"  # the policy asks for more than one person, and this is one more
    ALREADY_TAKEN = "already_taken"
    HANDED_ON = "handed_on"


# ---------------------------------------------------------------- the ladder


def hurry(hotline: Hotline, tx: Transaction, case_id: int) -> None:
    """A page was lost, somebody cannot, the caller asked again: the next person is due now.

    Not once everybody is being paged: each page they miss would make a new round of pages.
    """
    row = get_escalation(tx, case_id)
    if row is not None and row.step <= len(Policy.from_data(row.policy).rungs):
        hasten(tx, case_id, hotline.now())


def end_ladder(hotline: Hotline, tx: Transaction, case_id: int) -> None:
    end_escalation(tx, case_id, hotline.now())
    cancel_pages(tx, case_id, hotline.now())


# ---------------------------------------------------------------- one page


def page(
    hotline: Hotline,
    tx: Transaction,
    case_id: int,
    staff_id: int,
    key: str,
    by: str = "sms",
    *,
    is_calm: bool = False,
) -> None:
    """One page to one person: a reference and a code, never a word of the matter."""
    case, member, now = get_case(tx, case_id), get_staff(tx, staff_id), hotline.now()
    if is_calm:
        digests.hold_back(hotline, tx, case, member)
        return
    known = find_page(tx, case_id, staff_id)
    is_new, is_first = False, known is None
    for channel in channels(by, reach_of(member)):
        at = _when(tx, case, member, channel, now, is_first)
        if not is_first and bring_forward(tx, case_id, staff_id, channel, at):
            continue  # held up by a throttle or a carrier: a second one would only add to it
        if channel == VOICE:
            is_new = _ring(hotline, tx, case_id, staff_id, key, at) or is_new
        else:
            is_new = _text(hotline, tx, case, member, known, key, at) or is_new
    if is_new:
        add_event(tx, case_id, "paged", now, staff_id=staff_id)


def _ring(
    hotline: Hotline, tx: Transaction, case_id: int, staff_id: int, key: str, at: datetime
) -> bool:
    call = outbox.put_call(
        hotline, tx, outbox.STAFF_CALL, f"{key}:call", staff_id=staff_id, case_id=case_id, at=at
    )
    return call is not None


def _text(
    hotline: Hotline,
    tx: Transaction,
    case: Any,
    member: Any,
    known: Any | None,
    key: str,
    at: datetime,
) -> bool:
    code = renew_code(hotline, tx, case.id, member.id, known)
    minutes = int((hotline.now() - case.opened_at).total_seconds()) // 60
    say = Saying("STAFF_URGENT", (("ref", case.ref),))
    if minutes and case.state == OPEN:
        say = Saying("STAFF_OVERDUE", (("ref", case.ref), ("minutes", str(minutes))))
    if case.kind == REHEARSAL:
        say = Saying("STAFF_REHEARSAL", (("ref", case.ref),))
    ask = Saying("STAFF_REPLY", (("code", str(code)),)) if case.state == OPEN else None
    return outbox.put_page(hotline, tx, member, say, case.id, key, ask=ask, at=at)


def _when(
    tx: Transaction,
    case: Any,
    member: Any,
    channel: str,
    now: datetime,
    is_first: bool = False,
) -> datetime:
    """At once, unless this person was paged too often lately, or sleeps and the case can wait.

    The first word of an urgent case waits no longer than that of danger would.
    """
    sent = times_of_pages(tx, member.id, channel, now - LOOKED_BACK)
    at = allowed_at(channel, "P0" if is_first else case.priority, sent, now)
    return held_until(tx, case.priority, reach_of(member), at) or at


# ---------------------------------------------------------------- answers to a page


def claim(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> Answered:
    """Give the case to this person if nobody has it; the others who were paged are told."""
    now = hotline.now()
    note_answer(tx, case.id, member.id, CLAIM, now)
    is_first = claim_if_open(tx, case.id, member.id, now)
    if not is_first and case.claimed_by == member.id:
        return Answered.CLAIMED
    row = get_escalation(tx, case.id)
    if not is_first and (row is None or row.ended_at is not None):
        return Answered.ALREADY_TAKEN
    policy, said = policy_of_case(hotline, tx, case), answers_of(tx, case.id)
    claims = {staff_id for staff_id, answer in said.items() if answer == CLAIM} | {member.id}
    if is_first:
        first_attempt.take_over(hotline, tx, case, policy)
    add_event(tx, case.id, "claimed", now, staff_id=member.id)
    audit.note(tx, now, f"staff:{member.id}", "claim", f"case:{case.ref}")
    if len(claims) >= policy.acknowledge:
        end_ladder(hotline, tx, case.id)
        tell_the_others(hotline, tx, case, claims)
    return Answered.CLAIMED if is_first else Answered.SECOND


def tell_the_others(hotline: Hotline, tx: Transaction, case: Any, have_it: set[int]) -> None:
    """Who was paged and need not look any more hears so; not those who know it."""
    for staff_id in staff_paged_for(tx, case.id):
        if staff_id not in have_it:
            taken = Saying("STAFF_TAKEN", (("ref", case.ref),))
            key = f"taken:{case.id}:{case.version}:{staff_id}"
            tell(hotline, tx, get_staff(tx, staff_id), taken, case.id, key)


def hand_on(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> Answered:
    """This person cannot take it: the next one is asked at once."""
    if case.state != OPEN:
        return Answered.ALREADY_TAKEN
    now = hotline.now()
    note_answer(tx, case.id, member.id, CANNOT, now)
    add_event(tx, case.id, "handed_on", now, staff_id=member.id)
    audit.note(tx, now, f"staff:{member.id}", "hand_on", f"case:{case.ref}")
    hurry(hotline, tx, case.id)
    return Answered.HANDED_ON


def remind(
    hotline: Hotline, tx: Transaction, case: Any, member: Any, prompt: str, key: str, by: str
) -> None:
    """Say to whoever has a case that something is overdue, by text, call or both."""
    saying = Saying(prompt, (("ref", case.ref),))
    for channel in channels(by, reach_of(member)):
        at = _when(tx, case, member, channel, hotline.now())
        if channel == VOICE:
            _ring(hotline, tx, case.id, member.id, key, at)
        else:
            outbox.put_page(hotline, tx, member, saying, case.id, key, at=at)


def tell_claimer(hotline: Hotline, tx: Transaction, case: Any, prompt: str, key: str) -> bool:
    """A word to whoever has the case; False when nobody has it yet."""
    if case.claimed_by is None:
        return False
    saying = Saying(prompt, (("ref", case.ref),))
    tell(hotline, tx, get_staff(tx, case.claimed_by), saying, case.id, f"{key}:{case.id}")
    return True


def tell(
    hotline: Hotline, tx: Transaction, member: Any, saying: Saying, case_id: int | None, key: str
) -> None:
    """A text to a staff member that asks for no answer."""
    outbox.put_page(hotline, tx, member, saying, case_id, key)
