"""Staff on the phone: paged by a call, or ringing the line from a phone we know.

A number can be forged, so nothing is told before the PIN; without a PIN a staff phone is a caller's
phone like any. core.staff_call is the dialog; staff_phone_desk does what leaves a mark.
"""

from __future__ import annotations

from typing import Any

from hotline import staffing
from hotline.core import staff_call
from hotline.core.events import CallEvent
from hotline.core.staff_talk import PAGE, RINGS, Spoken
from hotline.core.staff_words import words
from hotline.core.turn import HungUp, State, TheEnd, Turn
from hotline.dialog import Said, new_state
from hotline.outbox import STAFF_CALL, VOICE
from hotline.parts import Hotline
from hotline.pins import keys_of_pin
from hotline.staff_phone_desk import PhoneDesk
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import get_item
from hotline.storage.staff_member import get_staff


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """The first words to a staff member; None for every other call."""
    return _paged(hotline, tx, event) if event.outbound else _rings(hotline, tx, event)


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of a staff member."""
    desk = PhoneDesk(hotline, tx, get_staff(tx, state["member"]), state["carrier"])
    may_go_on = staffing.may_be_paged(desk.member)
    if not may_go_on:
        turn = HungUp()  # gone, in another role, or the phone was lost: the next person is paged
    spoken = staff_call.hear(desk, state, turn)
    if not may_go_on:
        spoken = Spoken(spoken.state, words("V_STAFF_BYE"), TheEnd())
    return _said(spoken, desk)


def _paged(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """We rang somebody about a case; the ticket tells whom and which."""
    ticket = event.ticket or ""
    item = get_item(tx, int(ticket)) if ticket.isdecimal() and len(ticket) < 16 else None
    if item is None or item.channel != VOICE or item.prompt != STAFF_CALL or item.staff_id is None:
        return None
    member = get_staff(tx, item.staff_id)
    return _begin(hotline, tx, event, member, PAGE, item.case_id)


def _rings(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    number = event.from_number
    member = staffing.whose_phone(hotline, tx, number) if number is not None else None
    if member is None or member.pin_hash is None or not staffing.may_be_paged(member):
        return None
    return _begin(hotline, tx, event, member, RINGS, None)


def _begin(
    hotline: Hotline,
    tx: Transaction,
    event: CallEvent,
    member: Any,
    flow: str,
    case_id: int | None,
) -> Said:
    desk = PhoneDesk(hotline, tx, member, event.carrier)
    state = new_state(flow, member.language, member=member.id, carrier=event.carrier)
    pin_keys = keys_of_pin(member) if staffing.may_be_paged(member) else None
    return _said(staff_call.begin(desk, state, paged=case_id, pin_keys=pin_keys), desk)


def _said(spoken: Spoken, desk: PhoneDesk) -> Said:
    """The call belongs to the case it was last about: what is deleted with it, is deleted."""
    state = spoken.state
    return Said(
        state,
        spoken.say,
        spoken.wait,
        case_id=state["case"] or state["paged"],
        recording=spoken.recording,
        rings=frozenset(desk.rings),
        as_caller=spoken.as_caller,
    )
