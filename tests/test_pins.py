"""PINs: which digits may be one, who is let in, and what a guesser gets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import demo, pins
from hotline.content_files import Content
from hotline.core.pin_rules import PinFault, may_be_a_pin, pin_fault
from hotline.pins import Pin
from hotline.storage.audit_line import all_lines
from hotline.storage.database import Database
from hotline.storage.outbox_item import outbox
from hotline.storage.staff_member import get_staff, retire
from hotline.storage.staff_pin import get_pin
from tests.web.desk.desk import Desk, open_desk

DARA, SOPHEA, BOPHA = 1, 2, 3
PHONE = "+85510111001"


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


def set_pin(desk: Desk, digits: str, staff_id: int = DARA) -> PinFault | None:
    with desk.hotline.transaction() as tx:
        return pins.set_pin(desk.hotline, tx, staff_id, digits)


def tries(desk: Desk, keys: str, staff_id: int = DARA) -> Pin:
    with desk.hotline.transaction() as tx:
        return pins.check(desk.hotline, tx, get_staff(tx, staff_id), keys)


def texts_to(desk: Desk) -> list[tuple[int, str]]:
    with desk.hotline.reading() as tx:
        rows = tx.execute(outbox.select().where(outbox.c.prompt == "STAFF_PIN_LOCKED")).all()
    return [(row.staff_id, row.prompt) for row in rows]


# ---------------------------------------------------------------- which digits


@pytest.mark.parametrize(
    ("digits", "fault"),
    [
        ("123", PinFault.NOT_FOUR_TO_SIX_DIGITS),
        ("1234567", PinFault.NOT_FOUR_TO_SIX_DIGITS),
        ("12a4", PinFault.NOT_FOUR_TO_SIX_DIGITS),
        ("១៤៧២", PinFault.NOT_FOUR_TO_SIX_DIGITS),
        ("", PinFault.NOT_FOUR_TO_SIX_DIGITS),
        ("0000", PinFault.REPEATS),
        ("1212", PinFault.REPEATS),
        ("472472", PinFault.REPEATS),
        ("777717", PinFault.REPEATS),
        ("1234", PinFault.IN_ORDER),
        ("4321", PinFault.IN_ORDER),
        ("8901", PinFault.IN_ORDER),
        ("2468", PinFault.IN_ORDER),
        ("1987", PinFault.A_YEAR),
        ("2580", PinFault.USUAL),
        ("1001", PinFault.IN_THE_PHONE_NUMBER),
        ("11001", PinFault.IN_THE_PHONE_NUMBER),
        ("0101", PinFault.REPEATS),
        ("01011", PinFault.IN_THE_PHONE_NUMBER),
        ("4071", None),
        ("730518", None),
    ],
)
def test_a_pin_that_is_soon_guessed_is_refused(digits: str, fault: PinFault | None) -> None:
    assert pin_fault(digits, PHONE) == fault


@given(st.text(max_size=8))
def test_whatever_is_keyed_a_pin_has_four_to_six_plain_digits(keys: str) -> None:
    if pin_fault(keys, PHONE) is None:
        assert may_be_a_pin(keys)
        assert keys.isascii()


def test_the_pins_of_the_demo_keep_the_rules() -> None:
    for name, number, _ in demo.STAFF:
        assert pin_fault(demo.PINS[name], number) is None


# ---------------------------------------------------------------- who is let in


def test_the_right_pin_lets_in_and_the_wrong_one_does_not(desk: Desk) -> None:
    assert set_pin(desk, "730518") is None
    assert tries(desk, "730518") is Pin.RIGHT
    assert tries(desk, "730519") is Pin.WRONG
    assert tries(desk, "730518", SOPHEA) is not Pin.RIGHT


def test_a_bad_pin_leaves_the_old_one(desk: Desk) -> None:
    set_pin(desk, "730518")
    assert set_pin(desk, "1234") is PinFault.IN_ORDER
    assert tries(desk, "730518") is Pin.RIGHT


def test_without_a_pin_and_after_retiring_nobody_is_let_in(desk: Desk) -> None:
    set_pin(desk, "730518")
    with desk.hotline.transaction() as tx:
        retire(tx, DARA)
    assert tries(desk, "730518") is Pin.NONE_SET


def test_two_with_the_same_pin_have_different_hashes_and_none_holds_it(desk: Desk) -> None:
    set_pin(desk, "730518", DARA)
    set_pin(desk, "730518", SOPHEA)
    with desk.hotline.reading() as tx:
        one, other = (get_pin(tx, who).pin_hash for who in (DARA, SOPHEA))
        told = [(line.action, line.object, line.detail) for line in all_lines(tx)]
    assert one != other
    assert one.startswith("$argon2id$")
    assert ("set_pin", "staff:1", "") in told


# ---------------------------------------------------------------- guessing


def test_the_fifth_wrong_pin_in_a_row_locks_and_supervisors_are_told_once(desk: Desk) -> None:
    set_pin(desk, "730518")
    assert [tries(desk, f"55{n}0") for n in range(5)] == [Pin.WRONG] * 4 + [Pin.LOCKED]
    assert tries(desk, "730518") is Pin.LOCKED
    assert texts_to(desk) == [(BOPHA, "STAFF_PIN_LOCKED")]
    desk.minutes_pass(31)
    assert tries(desk, "8642") is Pin.LOCKED  # once locked, one more is enough
    assert texts_to(desk) == [(BOPHA, "STAFF_PIN_LOCKED")]
    desk.minutes_pass(31)
    assert tries(desk, "730518") is Pin.RIGHT
    assert tries(desk, "8642") is Pin.WRONG


def test_a_right_pin_in_between_begins_the_count_anew(desk: Desk) -> None:
    set_pin(desk, "730518")
    for _ in range(3):
        assert [tries(desk, "8642") for _ in range(4)] == [Pin.WRONG] * 4
        assert tries(desk, "730518") is Pin.RIGHT
    assert texts_to(desk) == []


def test_keys_that_are_nobodys_pin_lock_nothing(desk: Desk) -> None:
    set_pin(desk, "730518")
    for keys in ("1", "12", "0000000", "*", "##", "7305189"):
        assert tries(desk, keys) is Pin.WRONG
    assert [tries(desk, keys) for keys in "12345"] == [Pin.WRONG] * 5
    assert tries(desk, "730518") is Pin.RIGHT


def test_a_new_pin_takes_off_the_lock(desk: Desk) -> None:
    set_pin(desk, "730518")
    for _ in range(5):
        tries(desk, "8642")
    set_pin(desk, "914027")
    assert tries(desk, "914027") is Pin.RIGHT


def test_many_tries_at_one_moment_are_counted_one_by_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pin(desk, "730518")
    # The slow check is not what is tried here, and SQLite's writers wait for each other.
    monkeypatch.setattr(pins, "is_right", lambda _hash, _words: False)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda n: tries(desk, f"86{n}2"), range(7)))
    assert sorted(answers) == [Pin.LOCKED] * 3 + [Pin.WRONG] * 4
    monkeypatch.undo()
    assert tries(desk, "730518") is Pin.LOCKED
