"""A calendar of one's own shifts, at an address nobody can guess and everybody can take back."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

from hotline import audit
from hotline.core.rota import Shift
from hotline.parts import Hotline
from hotline.storage.calendar_address import add_address, revoke_addresses, staff_at
from hotline.storage.database import Transaction
from hotline.storage.shift import shifts_of_staff
from hotline.storage.staff_member import get_staff

_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_BACK = timedelta(days=31)
_SUMMARY = {"km": "វេនប្រចាំការ", "en": "On call"}


def make_address(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> str:
    """A new address, told this once; the one before it is worth nothing from now on."""
    now = hotline.now()
    revoke_addresses(tx, staff_id, now)
    token = base64.urlsafe_b64encode(hotline.chance(_BYTES)).rstrip(b"=").decode()
    add_address(tx, staff_id, _hash(token), now)
    audit.note(tx, now, actor, "make_calendar_address", f"staff:{staff_id}")
    return f"{hotline.settings.public_base_url}/calendar/{token}.ics"


def revoke(hotline: Hotline, tx: Transaction, staff_id: int, actor: str) -> bool:
    """False where there was no address."""
    now = hotline.now()
    if not revoke_addresses(tx, staff_id, now):
        return False
    audit.note(tx, now, actor, "revoke_calendar_address", f"staff:{staff_id}")
    return True


def calendar_at(hotline: Hotline, tx: Transaction, token: str) -> bytes | None:
    """The calendar at this address; None where there is none, or none any more."""
    staff_id = staff_at(tx, _hash(token)) if _TOKEN.fullmatch(token) else None
    if staff_id is None:
        return None
    shifts = shifts_of_staff(tx, staff_id, hotline.now() - _BACK)
    return _written(hotline, shifts, _SUMMARY.get(get_staff(tx, staff_id).language, "On call"))


def _written(hotline: Hotline, shifts: list[Shift], summary: str) -> bytes:
    # Only a calendar program asks for this; no call waits for it to load.
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//hotline//rota//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-published-ttl", "PT1H")
    for shift in shifts:
        event = Event()
        event.add("uid", f"shift-{shift.id}@rota")
        event.add("dtstamp", hotline.now())
        event.add("dtstart", shift.starts_at)
        event.add("dtend", shift.ends_at)
        event.add("summary", summary)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
