"""The signature of a webhook: HMAC-SHA1 over the address and the sorted form, in base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Value of X-Twilio-Signature. `url` exactly as requested; `form` is empty for a GET."""
    text = url + "".join(key + form[key] for key in sorted(form))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
