"""The address of a voice message for a carrier to play: signed, for one message, for two minutes.

A carrier plays what it can fetch, and nothing else of it can be let in by a signature. So the
address itself is the key: nobody can make one up, and it is soon worth nothing.
"""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer

from hotline.parts import Hotline

GOOD_FOR = timedelta(minutes=2)

_SALT = "voice message"
_LONGEST = 200


def address_for(hotline: Hotline, carrier: str, recording_id: int) -> str:
    """The absolute address at which `carrier` can fetch this message for a while from now."""
    until = int((hotline.now() + GOOD_FOR).timestamp())
    token = _signer(hotline).dumps([carrier, recording_id, until])
    return f"{hotline.settings.public_base_url}/calls/{carrier}/voice/{token}"


def message_of(hotline: Hotline, carrier: str, token: str) -> int | None:
    """The message an address leads to; None for one that was forged, changed or has run out."""
    if len(token) > _LONGEST:
        return None
    try:
        whose, recording_id, until = _signer(hotline).loads(token)
    except (BadData, ValueError, TypeError):
        return None
    is_good = whose == carrier and hotline.now().timestamp() < until
    return int(recording_id) if is_good else None


def _signer(hotline: Hotline) -> URLSafeSerializer:
    return URLSafeSerializer(hotline.settings.secret_key, salt=_SALT)
