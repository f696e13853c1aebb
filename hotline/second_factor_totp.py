"""Six digits of an authenticator app, new every 30 seconds, each good once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from hotline.core.typed_digits import digits_of, in_groups
from hotline.parts import Hotline
from hotline.storage import authenticator as table
from hotline.storage.database import Transaction
from hotline.storage.tables import Found

DIGITS = 6
_SECONDS = 30
_DRIFT = (-1, 0, 1)  # steps: clocks of phones differ, and typing takes time
_SECRET_BYTES = 20
_ISSUER = "Child Club"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """To be copied into the app: as a picture (SVG) or typed, in groups of four."""

    picture: str
    typed: str


def begin(hotline: Hotline, tx: Transaction, staff_id: int) -> str:
    """A new secret. It counts once a code of it was typed; until then an older one does.

    The mark it is known by stays with the browser that began: no other is shown the secret, as
    somebody who has learnt the passphrase would read along and have the same app.
    """
    sealed = hotline.vault.encrypt(hotline.chance(_SECRET_BYTES), _context(staff_id))
    table.add_authenticator(tx, staff_id, sealed, hotline.now())
    return _mark(sealed)


def being_set_up(
    hotline: Hotline, tx: Transaction, staff_id: int, name: str, mark: str
) -> NewSecret | None:
    """What begin() made, as long as no code of it was typed."""
    found = _begun(tx, staff_id, mark)
    if found is None:
        return None
    secret = _opened(hotline, found)
    return NewSecret(_picture(secret, name), in_groups(secret))


def confirm(hotline: Hotline, tx: Transaction, staff_id: int, typed: str, mark: str) -> bool:
    """Whether the app shows the same digits; then it takes the place of any other."""
    found = _begun(tx, staff_id, mark)
    if found is None or not _takes(hotline, tx, found, typed):
        return False
    table.confirm_authenticator(tx, found, hotline.now())
    return True


def is_set_up(tx: Transaction, staff_id: int) -> bool:
    return table.find_authenticator(tx, staff_id, confirmed=True) is not None


def use(hotline: Hotline, tx: Transaction, staff_id: int, typed: str) -> bool:
    """Whether this code is right and was never used. It is used up by asking."""
    found = table.find_authenticator(tx, staff_id, confirmed=True)
    return found is not None and _takes(hotline, tx, found, typed)


def remove(tx: Transaction, staff_id: int) -> bool:
    return table.remove_authenticators(tx, staff_id) > 0


def _begun(tx: Transaction, staff_id: int, mark: str) -> Found | None:
    found = table.find_authenticator(tx, staff_id, confirmed=False)
    return found if found is not None and _mark(found.secret_sealed) == mark else None


def _mark(sealed: bytes) -> str:
    """Not the number of the row: SQLite gives that of a row that went to the next one."""
    return hashlib.sha256(sealed).hexdigest()


def _takes(hotline: Hotline, tx: Transaction, found: Found, typed: str) -> bool:
    # Loaded for who types a code; no call of a caller needs it.
    from pyotp import TOTP

    code = digits_of(typed)
    if len(code) != DIGITS:
        return False
    app, now = TOTP(_opened(hotline, found)), int(hotline.now().timestamp()) // _SECONDS
    # All of them are looked at, whichever fits: the time it takes tells nothing.
    fits = [now + n for n in _DRIFT if hmac.compare_digest(app.generate_otp(now + n), code)]
    return bool(fits) and table.take_step(tx, found.id, fits[0])


def _opened(hotline: Hotline, found: Found) -> str:
    secret = hotline.vault.decrypt(found.secret_sealed, _context(found.staff_id))
    return base64.b32encode(secret).decode()


def _picture(secret: str, name: str) -> str:
    # As above; segno draws without any other library.
    import segno
    from pyotp import TOTP

    address = TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)
    return segno.make(address, error="m").svg_inline(border=4, omitsize=True, light="#fff")


def _context(staff_id: int) -> str:
    return f"authenticator {staff_id}"
