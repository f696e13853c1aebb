"""Which digits may be a PIN: four to six that nobody guesses within five tries."""

from __future__ import annotations

from enum import StrEnum

SHORTEST, LONGEST = 4, 6
_USUAL = frozenset({"2580", "0852", "1004", "1379", "112233", "147258", "159753", "258000"})


class PinFault(StrEnum):
    """What is wrong with a PIN."""

    NOT_FOUR_TO_SIX_DIGITS = "not_four_to_six_digits"
    REPEATS = "repeats"
    IN_ORDER = "in_order"
    A_YEAR = "a_year"
    USUAL = "usual"
    IN_THE_PHONE_NUMBER = "in_the_phone_number"


def may_be_a_pin(keys: str) -> bool:
    """Whether these keys could be anybody's PIN at all."""
    return SHORTEST <= len(keys) <= LONGEST and keys.isascii() and keys.isdigit()


def pin_fault(digits: str, number: str) -> PinFault | None:
    """Why `digits` may not be the PIN of whoever has the phone `number` (E.164); None: they may."""
    if not may_be_a_pin(digits):
        return PinFault.NOT_FOUR_TO_SIX_DIGITS
    if _repeats(digits):
        return PinFault.REPEATS
    if _is_in_order(digits):
        return PinFault.IN_ORDER
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return PinFault.A_YEAR
    if digits in _USUAL:
        return PinFault.USUAL
    # Whoever rings in from this phone, or pretends to, knows its number.
    as_dialled = "0" + number.removeprefix("+855")
    return PinFault.IN_THE_PHONE_NUMBER if digits in number or digits in as_dialled else None


def _repeats(digits: str) -> bool:
    """0000, 1212, 123123; also with one digit four times and more."""
    halves = any(
        digits == digits[:size] * (len(digits) // size)
        for size in (1, 2, 3)
        if len(digits) % size == 0
    )
    return halves or max(digits.count(digit) for digit in set(digits)) >= 4


def _is_in_order(digits: str) -> bool:
    """1234, 4321, 2468, 7890: each digit as far from the next as the one before."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(digits, digits[1:], strict=False)}
    return len(steps) == 1 and steps <= {1, 2, 8, 9}
