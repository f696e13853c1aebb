"""Callers: known by their number, which only the vault can read."""

from __future__ import annotations

from functools import partial
from typing import Any

from hotline.parts import Hotline
from hotline.storage.caller import find_caller, get_caller, meet_caller
from hotline.storage.database import Transaction

_PURPOSE = "caller number"
_CONTEXT = "caller.number"


def meet(hotline: Hotline, tx: Transaction, number: str) -> Any:
    """The caller with this E.164 number, now known if new."""
    seal = partial(hotline.vault.encrypt, number.encode(), _CONTEXT)
    return meet_caller(tx, index_of(hotline, number), seal, hotline.now())


def known_by(hotline: Hotline, tx: Transaction, number: str) -> list[int]:
    """The ids under which this E.164 number is known, by every index key of the ring."""
    found = (find_caller(tx, index) for index in indexes_of(hotline, number))
    return [caller.id for caller in found if caller is not None]


def index_of(hotline: Hotline, number: str) -> bytes:
    """By which this E.164 number is found again; without the ring it tells nothing."""
    return hotline.vault.index(_PURPOSE, number)


def indexes_of(hotline: Hotline, number: str) -> tuple[bytes, ...]:
    """The same by every index key of the ring."""
    return hotline.vault.indexes(_PURPOSE, number)


def get(tx: Transaction, caller_id: int) -> Any:
    return get_caller(tx, caller_id)


def number_of(hotline: Hotline, tx: Transaction, caller_id: int) -> str:
    """The number in the clear: for dialling, or for staff who may see it."""
    sealed = get_caller(tx, caller_id).number_sealed
    return hotline.vault.decrypt(sealed, _CONTEXT).decode()
