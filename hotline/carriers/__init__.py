"""The carriers we can work with, and the ones this installation names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.carriers.rest import RestLine
from hotline.carriers.simulator import Simulator
from hotline.carriers.somleng import Somleng
from hotline.carriers.twilio import Twilio

if TYPE_CHECKING:
    from hotline.carriers.protocol import Carrier
    from hotline.settings import Settings

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
            line=settings.number,
        )
    return found
