"""Is a webhook really from the carrier? The X-Twilio-Signature scheme, which Somleng shares.

The signed text is the exact URL the carrier asked for, followed, for a form, by every key and
value in order of key. It is checked over the configured public address and the raw path and query,
because a proxy changes the scheme and a framework decodes the path. The tests hold this to the
SDK's own validator, which costs several times as much.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha1, sha256
from urllib.parse import parse_qs, urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}


class Signature:
    """The signature of one carrier's account: `token` is its auth token, `base` our public URL."""

    def __init__(self, token: str, base: str) -> None:
        self._keyed = hmac.new(token.encode(), digestmod=sha1)
        self._bases = _with_and_without_port(base.rstrip("/"))

    def of(self, text: str) -> str:
        """The signature of one text."""
        mac = self._keyed.copy()
        mac.update(text.encode())
        return b64encode(mac.digest()).decode()

    def fits(self, target: str, pairs: list[tuple[str, str]], signature: str) -> bool:
        """Does the signature fit a form sent to `target`? Repeated equal pairs count once."""
        form = "".join(key + value for key, value in sorted(set(pairs)))
        return self._fits_any(target, form, signature)

    def fits_json(self, target: str, body: bytes, signature: str) -> bool:
        """Does it fit a JSON body? Then the signed URL carries `bodySHA256`; without it, never."""
        told = parse_qs(urlsplit(target).query).get("bodySHA256", [""])[0]
        is_whole = hmac.compare_digest(sha256(body).hexdigest().encode(), told.encode())
        return self._fits_any(target, "", signature) and is_whole

    def _fits_any(self, target: str, form: str, signature: str) -> bool:
        given = signature.encode()
        return any(
            hmac.compare_digest(self.of(base + target + form).encode(), given)
            for base in self._bases
        )


def _with_and_without_port(base: str) -> tuple[str, ...]:
    """The base as configured first, then its other spelling: carriers sign either."""
    parts = urlsplit(base)
    if parts.port is None:
        port = _DEFAULT_PORTS.get(parts.scheme, 80)
        return base, parts._replace(netloc=f"{parts.netloc}:{port}").geturl()
    return base, parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
