"""Lets only the carrier itself through to the webhooks, and turns its request into fields.

Checked in this order: the size of the body (413), a signature at all (403), a readable body (400),
the right signature (403). The signature is checked over our public address and the path and query
as sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_plus, urlsplit

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from hotline.carriers.protocol import BrokenWebhook, Carrier, Fields, Pairs
from hotline.parts import Hotline
from hotline.web.metrics import Counters

LARGEST_BODY: Final = 64 * 1024
MOST_FIELDS: Final = 200
SIGNATURE: Final = "X-Twilio-Signature"
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that the carrier itself made."""

    carrier: Carrier
    fields: Fields
    query: Fields


class NotAdmitted(Exception):
    """The request goes no further; `status` is the whole answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


View = Callable[[Webhook], str]
"""Takes one webhook and returns a TwiML document. BrokenWebhook becomes 400."""


def add_webhook(
    blueprint: Blueprint, hotline: Hotline, counters: Counters, path: str, view: View
) -> None:
    """Serve `view` at `path` (with `<carrier>` in it): POST only, guarded, never redirected."""
    kind = path.replace("/<carrier>/", "_").strip("/")

    def answer(carrier: str) -> Response:
        known = hotline.carriers.get(carrier)
        label = carrier if known is not None else "unknown"
        try:
            response = Response(view(_admit(known)), mimetype="text/xml")
        except NotAdmitted as refusal:
            response = _refuse(counters, label, refusal.status, str(refusal))
        except BrokenWebhook as broken:
            response = _refuse(counters, label, 400, str(broken))
        counters.count(
            "hotline_webhooks_total", carrier=label, kind=kind, status=str(response.status_code)
        )
        return response

    blueprint.add_url_rule(
        path,
        kind,
        answer,
        methods=["POST"],
        provide_automatic_options=False,
        strict_slashes=True,
        merge_slashes=False,
    )


def _refuse(counters: Counters, carrier: str, status: int, reason: str) -> Response:
    log.warning("webhook refused", carrier=carrier, status=status, reason=reason)
    if status == 403:
        counters.count("hotline_signature_refusals_total", carrier=carrier)
    return Response(f"{reason}\n", status=status, mimetype="text/plain")


def _admit(carrier: Carrier | None) -> Webhook:
    body = _read_body()
    signature = request.headers.get(SIGNATURE)
    if not signature:
        raise NotAdmitted(403, f"{SIGNATURE} is missing")
    if carrier is None:
        raise NotAdmitted(403, "no such carrier here")
    target = raw_target(request.environ)
    if request.mimetype == _JSON:
        is_genuine = carrier.is_genuine_json(target, body, signature)
        pairs = _read_json(body) if is_genuine else []
    else:
        pairs = _read_form(body)
        is_genuine = carrier.is_genuine(target, pairs, signature)
    if not is_genuine:
        raise NotAdmitted(403, f"{SIGNATURE} does not fit this address and body")
    return Webhook(carrier, _first_of_each(pairs), _first_of_each(_read_query()))


def raw_target(environ: dict[str, object]) -> str:
    """Path and query exactly as sent: decoding and encoding again would not give them back."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not isinstance(raw, str):
        query = str(environ.get("QUERY_STRING", ""))
        path = quote(str(environ.get("PATH_INFO", "")), encoding="latin-1")
        return f"{path}?{query}" if query else path
    if raw.startswith("/"):
        return raw
    parts = urlsplit(raw)  # the absolute form, as some proxies ask for it
    return raw.removeprefix(f"{parts.scheme}://{parts.netloc}")


def _read_body() -> bytes:
    request.max_content_length = LARGEST_BODY
    try:
        return request.get_data(cache=False, parse_form_data=False)
    except RequestEntityTooLarge:
        raise NotAdmitted(413, f"the body is over {LARGEST_BODY} bytes") from None
    except BadRequest:
        raise NotAdmitted(400, "the body ended early") from None


def _read_form(body: bytes) -> Pairs:
    if body and request.mimetype != _FORM:
        raise NotAdmitted(400, f"the body must be {_FORM} or {_JSON}")
    try:
        return split_form(body.decode())
    except ValueError:
        raise NotAdmitted(400, "the form is not readable") from None


def split_form(form: str) -> Pairs:
    """What `parse_qsl` gives with blank values kept, in a third of the time.

    Most values of a webhook have nothing to decode. Raises ValueError for bytes that are not UTF-8
    or more than MOST_FIELDS fields.
    """
    parts = form.split("&")
    if len(parts) > MOST_FIELDS:
        raise ValueError(f"more than {MOST_FIELDS} fields")
    return [_pair(part) for part in parts if part]


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    if "%" in part or "+" in part:
        return unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")
    return name, value


def _read_json(body: bytes) -> Pairs:
    try:
        fields = json.loads(body)
    except ValueError:
        raise NotAdmitted(400, "the JSON is not readable") from None
    if not isinstance(fields, dict):
        raise NotAdmitted(400, "the JSON must be an object")
    return [(name, str(value)) for name, value in fields.items() if value is not None]


def _read_query() -> Pairs:
    try:
        return split_form(request.query_string.decode())
    except ValueError:
        raise NotAdmitted(400, "the query is not readable") from None


def _first_of_each(pairs: Pairs) -> Fields:
    return dict(reversed(pairs))
