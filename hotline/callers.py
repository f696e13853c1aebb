"""Callers: known by their number, which only the vault can read."""

from __future__ import annotations

from typing import Any

from hotline.parts import Hotline
from hotline.storage.caller import find_caller, get_caller, meet_caller
from hotline.storage.database import Transaction

_PURPOSE = "caller number"
_CONTEXT = "caller.number"


def meet(hotline: Hotline, tx: Transaction, number: str) -> Any:
    """The caller with this E.164 number, now known if new."""
    index = hotline.vault.index(_PURPOSE, number)
    return meet_caller(
        tx, index, lambda: hotline.vault.encrypt(number.encode(), _CONTEXT), hotline.now()
    )


def find(hotline: Hotline, tx: Transaction, number: str) -> Any | None:
    return find_caller(tx, hotline.vault.index(_PURPOSE, number))


def known_by(hotline: Hotline, tx: Transaction, number: str) -> list[int]:
    """The ids under which this E.164 number is known, by every index key of the ring."""
    found = (find_caller(tx, index) for index in hotline.vault.indexes(_PURPOSE, number))
    return [caller.id for caller in found if caller is not None]


def get(tx: Transaction, caller_id: int) -> Any:
    return get_caller(tx, caller_id)


def number_of(hotline: Hotline, tx: Transaction, caller_id: int) -> str:
    """The number in the clear: for dialling, or for staff who may see it."""
    sealed = get_caller(tx, caller_id).number_sealed
    return hotline.vault.decrypt(sealed, _CONTEXT).decode()
