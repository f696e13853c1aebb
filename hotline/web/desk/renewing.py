"""The part of a page that renews itself, and the answers htmx asks for.

A page is whole by itself. Where htmx is there it asks for the part alone, and says which it has: if
nothing has changed the answer is empty, so that a phone on a dear line carries a few hundred bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

SEEN = "seen"
QUIET = "quiet"
"""In the address of what a machine asks for: it does not count as a sign of the person."""


def wants_part() -> bool:
    """Whether htmx asks, and not for a page that it goes back to."""
    sent = request.headers
    return "HX-Request" in sent and "HX-History-Restore-Request" not in sent


def renewed(
    page: str, part: str, endpoint: str, in_address: Mapping[str, str], **values: object
) -> ResponseReturnValue:
    """The template `page` with what the template `part` makes inside; or that alone for htmx.

    `in_address`: what the address of this page says behind the "?".
    """
    inside = render_template(part, **values)
    mark = hashlib.sha256(inside.encode()).hexdigest()[:12]
    if wants_part() and request.args.get(SEEN) == mark:
        return "", 204
    asked: dict[str, Any] = {**in_address, QUIET: 1}
    address = url_for(endpoint, **{**asked, SEEN: mark})
    fresh = render_template("fresh.html", inside=Markup(inside), address=address)  # noqa: S704
    if wants_part():
        return fresh
    plain = url_for(endpoint, **asked)
    return render_template(page, fresh=Markup(fresh), plain_address=plain)  # noqa: S704


def lead_away(response: Response) -> Response:
    """A redirect that htmx would follow by itself, into the middle of a page, is gone to whole."""
    if "HX-Request" in request.headers and 300 <= response.status_code < 400:
        response.headers["HX-Redirect"] = response.headers.pop("Location")
        response.status_code, response.data = 200, b""
    return response
