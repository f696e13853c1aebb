"""Tries at the desk's door, counted and committed before they are checked; a flood has to wait.

The count is in the database: it outlives a restart, and is the same for every process.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from hotline.parts import Hotline
from hotline.storage import sign_in_attempt as table
from hotline.storage.database import Transaction

WINDOW = timedelta(minutes=15)
OF_A_PERSON = 5
OF_AN_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Try:
    """One that was counted. `who` and `address` are keyed hashes."""

    id: int
    who: bytes
    address: bytes


def with_name(hotline: Hotline, name: str) -> bytes:
    """Whose passphrase is tried. Also of a name that nobody has."""
    return hotline.vault.index("desk name", name.casefold())


def with_second_factor(hotline: Hotline, staff_id: int) -> bytes:
    return hotline.vault.index("desk second factor", str(staff_id))


def count(hotline: Hotline, who: bytes, address: str) -> Try:
    """In a transaction of its own: whatever happens later, it was tried."""
    where = hotline.vault.index("desk address", neighbourhood(address))
    with hotline.transaction() as tx:
        return Try(table.note_sign_in(tx, who, where, hotline.now()), who, where)


def neighbourhood(address: str) -> str:
    """What one visitor can choose among: of IPv6 a whole /64, of IPv4 the address itself."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), 64), strict=False))


def are_too_many(hotline: Hotline, tx: Transaction, this: Try) -> bool:
    """Then this one must not be checked, and does not make the wait longer."""
    since = hotline.now() - WINDOW
    by_person, by_address = table.failed_sign_ins(tx, this.who, this.address, since)
    if by_person <= OF_A_PERSON and by_address <= OF_AN_ADDRESS:  # this one is among them
        return False
    table.forget_sign_in(tx, this.id)
    return True


def went_well(tx: Transaction, this: Try) -> None:
    table.mark_signed_in(tx, this.id)
