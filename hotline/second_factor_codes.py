"""Ten codes on paper, for who has lost the phone or the key. Each is good once."""

from __future__ import annotations

from hotline.core.typed_digits import digits_of, in_groups
from hotline.parts import Hotline
from hotline.storage import recovery_code as table
from hotline.storage.database import Transaction

HOW_MANY = 10
DIGITS = 12
"""40 bits. Who has the database alone cannot try them: the key of the hash is on the ring."""


def make(hotline: Hotline, tx: Transaction, staff_id: int) -> list[str]:
    """New ones, in groups of four, to be shown once; those of before are void."""
    codes = [_chosen(hotline) for _ in range(HOW_MANY)]
    hashes = [hotline.vault.index(_PURPOSE, _about(staff_id, code)) for code in codes]
    table.put_recovery_codes(tx, staff_id, hashes, hotline.now())
    return [in_groups(code) for code in codes]


def use(hotline: Hotline, tx: Transaction, staff_id: int, typed: str) -> bool:
    """Whether this is one of them and was never used. It is used up by asking."""
    code = digits_of(typed)
    if len(code) != DIGITS:
        return False
    hashes = hotline.vault.indexes(_PURPOSE, _about(staff_id, code))
    return table.take_recovery_code(tx, staff_id, hashes, hotline.now())


def left(tx: Transaction, staff_id: int) -> int:
    return table.count_recovery_codes(tx, staff_id)


def remove(tx: Transaction, staff_id: int) -> None:
    table.remove_recovery_codes(tx, staff_id)


_PURPOSE = "recovery code"


def _about(staff_id: int, code: str) -> str:
    return f"{staff_id}:{code}"


def _chosen(hotline: Hotline) -> str:
    number = int.from_bytes(hotline.chance(16), "big")
    return str(number % 10**DIGITS).zfill(DIGITS)
