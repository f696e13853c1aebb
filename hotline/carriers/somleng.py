"""Somleng, the open-source phone company: Twilio's dialect with fewer words."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.carriers.protocol import Capabilities
from hotline.carriers.twilio import Twilio


class Somleng(Twilio):
    """One account at Somleng.

    It sends a single status callback a call and skips it on several paths, never acts on STOP, and
    has no way to delete a recording or a text: its operator must be asked for a retention time.
    """

    capabilities = Capabilities(
        two_way_texts=True,
        sends_all_receipts=False,
        intercepts_stop=False,
        can_delete_recordings=False,
        screens=False,
    )
    _call_options: Mapping[str, object] = {}  # it reads no Timeout
