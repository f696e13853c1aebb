"""The carriers we can work with, and the ones this installation names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.carriers.rest import RestLine
from hotline.carriers.simulator import Simulator
from hotline.carriers.somleng import Somleng
from hotline.carriers.twilio import Twilio
from hotline.settings import NO_TEXTS, TWO_WAY

if TYPE_CHECKING:
    from hotline.carriers.protocol import Capabilities, Carrier
    from hotline.settings import CarrierAccount, Settings

# A new carrier is one line here and one file beside this one.
KINDS: dict[str, tuple[type[Twilio], str]] = {
    "twilio": (Twilio, "https://api.twilio.com"),
    "somleng": (Somleng, "https://api.somleng.org"),
    "simulator": (Simulator, "http://127.0.0.1:8100"),
}


def carriers_from(settings: Settings) -> dict[str, Carrier]:
    """Every carrier the settings name, in order of preference. Connects to nothing yet."""
    found: dict[str, Carrier] = {}
    for name in settings.carriers:
        kind, usual_url = KINDS[name]
        account = settings.accounts[name]
        rest = RestLine(account.account_sid, account.auth_token, account.api_url or usual_url)
        found[name] = kind(
            name,
            account.auth_token,
            rest,
            base_url=settings.public_base_url,
            line=account.number or settings.number,
            capabilities=_of_the_account(kind, account),
        )
    return found


def _of_the_account(kind: type[Twilio], account: CarrierAccount) -> Capabilities:
    """What this account can, of what the carrier can."""
    can = kind.capabilities
    two_way = can.two_way_texts and account.texts == TWO_WAY
    return replace(can, two_way_texts=two_way, sends_texts=account.texts != NO_TEXTS)
