"""Passkeys and security keys (WebAuthn): the key stays with its owner, we keep its public half.

What a key must answer is a challenge that lies in the session's row and is worth one answer. The
name a key is bound to is the host of PUBLIC_BASE_URL; browsers want a name there, and https.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from hotline.parts import Hotline
from hotline.sessions import Member
from hotline.storage import passkey as table
from hotline.storage.database import Transaction
from hotline.storage.desk_session import put_challenge, take_challenge

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LONGEST_NAME = 40
MOST = 10  # keys of one person
_CHALLENGE_BYTES = 32
_LONGEST_ANSWER = 16 * 1024
_HOUSE = "Child Club"

log = structlog.get_logger()


def are_possible(hotline: Hotline) -> bool:
    """Whether a browser can have passkeys for our address: one with a name, and safe to talk to."""
    address = urlsplit(hotline.settings.public_base_url)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == "localhost"
    return False


def ask_to_register(hotline: Hotline, tx: Transaction, member: Member) -> str:
    """What the browser hands to the key, as JSON."""
    # All of webauthn is loaded for who has a key, and by no caller's turn.
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement

    options = generate_registration_options(
        rp_id=_host(hotline),
        rp_name=_HOUSE,
        user_name=member.name,
        user_id=hotline.vault.index("passkey user", str(member.id)),
        challenge=_new_challenge(hotline, tx, member),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED
        ),
        exclude_credentials=_named(table.passkeys_of(tx, member.id)),
    )
    return options_to_json(options)


def register(hotline: Hotline, tx: Transaction, member: Member, answer: str, name: str) -> bool:
    """Keep the key that answered; False where it did not answer what was asked."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = take_challenge(tx, member.session)
    credential = _read(answer)
    if challenge is None or credential is None or len(table.passkeys_of(tx, member.id)) >= MOST:
        return False
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(hotline),
            expected_origin=_origin(hotline),
        )
    except (WebAuthnException, *_NONSENSE):
        log.warning("passkey_not_registered")
        return False
    if table.is_known(tx, made.credential_id):
        return False
    table.add_passkey(
        tx,
        staff_id=member.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        made_at=hotline.now(),
    )
    return True


def ask_to_prove(hotline: Hotline, tx: Transaction, member: Member) -> str | None:
    """What the browser hands to the key, as JSON; None where this person has no key."""
    keys = table.passkeys_of(tx, member.id)
    if not keys or not are_possible(hotline):
        return None
    from webauthn import generate_authentication_options, options_to_json

    return options_to_json(
        generate_authentication_options(
            rp_id=_host(hotline),
            challenge=_new_challenge(hotline, tx, member),
            allow_credentials=_named(keys),
        )
    )


def use(hotline: Hotline, tx: Transaction, member: Member, answer: str) -> bool:
    """Whether one of their keys answered what was asked in this session, for the first time."""
    challenge = take_challenge(tx, member.session)
    credential = _read(answer)
    if challenge is None or credential is None:
        return False
    key = _key_of(tx, member.id, credential)
    if key is None:
        return False
    count = _count_if_right(hotline, key, credential, challenge)
    return count is not None and table.note_use(tx, key.id, key.sign_count, count, hotline.now())


def keys_of(tx: Transaction, staff_id: int) -> Sequence[Any]:
    return table.passkeys_of(tx, staff_id)


def remove(tx: Transaction, staff_id: int, passkey_id: int) -> bool:
    return table.remove_passkey(tx, staff_id, passkey_id)


def remove_all(tx: Transaction, staff_id: int) -> bool:
    return table.remove_passkeys(tx, staff_id) > 0


def _count_if_right(
    hotline: Hotline, key: Any, credential: dict[str, Any], challenge: bytes
) -> int | None:
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        seen = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(hotline),
            expected_origin=_origin(hotline),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, *_NONSENSE):
        log.warning("passkey_refused")  # also a copy of the key: its count is behind
        return None
    return seen.new_sign_count


_NONSENSE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What a library runs into when an answer was made up: the answer is wrong, no fault of ours."""


def _read(answer: str) -> dict[str, Any] | None:
    try:
        read = json.loads(answer) if len(answer) <= _LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _key_of(tx: Transaction, staff_id: int, credential: dict[str, Any]) -> Any | None:
    from webauthn.helpers import base64url_to_bytes

    try:
        named = base64url_to_bytes(str(credential.get("id", "")))
    except ValueError:
        return None
    keys = table.passkeys_of(tx, staff_id)
    return next((key for key in keys if hmac.compare_digest(key.credential_id, named)), None)


def _named(keys: Sequence[Any]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys]


def _new_challenge(hotline: Hotline, tx: Transaction, member: Member) -> bytes:
    challenge = hotline.chance(_CHALLENGE_BYTES)
    put_challenge(tx, member.session, challenge)
    return challenge


def _host(hotline: Hotline) -> str:
    return urlsplit(hotline.settings.public_base_url).hostname or ""


def _origin(hotline: Hotline) -> str:
    address = urlsplit(hotline.settings.public_base_url)
    return f"{address.scheme}://{address.netloc}"
