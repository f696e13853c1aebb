"""The simulator on the desk: Twilio's dialect at an address of our own, without interception."""

from __future__ import annotations

from hotline.carriers.protocol import Capabilities
from hotline.carriers.twilio import Twilio


class Simulator(Twilio):
    """The phone company of the demo and of the tests."""

    capabilities = Capabilities(
        two_way_texts=True,
        sends_all_receipts=True,
        intercepts_stop=False,
        can_delete_recordings=True,
        screens=True,
        can_delete_texts=True,
    )
