"""What an account can, beside what its carrier can: its number, and whether it has texts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hotline.carriers import KINDS, carriers_from
from hotline.carriers.protocol import Carrier
from hotline.settings import NO_TEXTS, ONE_WAY, TWO_WAY, CarrierAccount
from tests.carriers.conftest import BASE, LINE


def carrier(name: str, number: str | None = None, texts: str = TWO_WAY) -> Carrier:
    accounts = {name: CarrierAccount("AC1", "token", None, number, texts)}
    settings = SimpleNamespace(
        carriers=(name,), accounts=accounts, number=LINE, public_base_url=BASE
    )
    return carriers_from(settings)[name]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", KINDS)
def test_a_carrier_shows_its_own_number_or_that_of_the_line(name: str) -> None:
    assert carrier(name).line == LINE
    assert carrier(name, "+12025550100").line == "+12025550100"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("texts", "two_way", "sends"),
    [(TWO_WAY, True, True), (ONE_WAY, False, True), (NO_TEXTS, False, False)],
)
def test_the_settings_say_what_texts_can(name: str, texts: str, two_way: bool, sends: bool) -> None:
    can = carrier(name, texts=texts).capabilities
    assert (can.two_way_texts, can.sends_texts) == (two_way, sends)
    assert can.screens == KINDS[name][0].capabilities.screens
