"""`flask set-pin`: asked for, never typed on the command line; bad ones are refused by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from hotline import demo, pins
from hotline.commands import staff
from hotline.pins import Pin
from hotline.storage.staff_member import get_staff
from tests.web.desk.desk import Desk

DARA = 1


def types(name: str, *lines: str) -> Result:
    return CliRunner().invoke(staff.set_pin, [name], input="".join(f"{line}\n" for line in lines))


def is_pin(desk: Desk, digits: str) -> bool:
    with desk.hotline.transaction() as tx:
        return pins.check(desk.hotline, tx, get_staff(tx, DARA), digits) is Pin.RIGHT


def test_a_pin_is_asked_for_twice_and_not_shown(desk: Desk) -> None:
    done = types("Dara", "730518", "730518")
    assert (done.exit_code, "730518" in done.output) == (0, False)
    assert is_pin(desk, "730518")


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        ("1234", "stand in order"),
        ("12", "four to six digits"),
        ("0000", "repeats itself"),
        ("1983", "a year"),
        ("2580", "many people"),
        ("11001", "phone number"),
    ],
)
def test_a_bad_pin_is_refused_by_name(desk: Desk, digits: str, why: str) -> None:
    done = types("Dara", digits, digits)
    assert done.exit_code != 0
    assert why in done.output
    assert not is_pin(desk, digits)


def test_nobody_has_this_name(desk: Desk) -> None:
    done = types("Nobody", "730518", "730518")
    assert "nobody has this NAME" in done.output


def test_a_pin_cannot_stand_on_the_command_line(desk: Desk) -> None:
    assert CliRunner().invoke(staff.set_pin, ["Dara", "730518"]).exit_code != 0


def test_the_demos_pins_are_refused_outside_the_demo(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert types("Dara", demo.PINS["Sophea"], demo.PINS["Sophea"]).exit_code == 0
    real = replace(desk.hotline, settings=replace(desk.hotline.settings, carriers=("twilio",)))
    monkeypatch.setattr(staff, "open_hotline", lambda: real)
    done = types("Dara", demo.PINS["Dara"], demo.PINS["Dara"])
    assert "stands in the documentation" in done.output
    assert not is_pin(desk, demo.PINS["Dara"])
