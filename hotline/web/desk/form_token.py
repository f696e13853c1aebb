"""A secret word in every form, so that no other site can press our buttons (CSRF).

It lives in the signed session cookie beside the session's own token and is new after every
sign-in: a form of somebody else's session, or of before the sign-in, is refused.
"""

from __future__ import annotations

import hmac

from flask import abort, request, session

from hotline.parts import Hotline

FIELD = "form_token"


def form_token(hotline: Hotline) -> str:
    """What this visitor's forms carry."""
    if FIELD not in session:
        session[FIELD] = hotline.chance(32).hex()
    return str(session[FIELD])


def is_of_ours() -> bool:
    """Whether the form came from a page of ours."""
    ours, sent = session.get(FIELD), request.form.get(FIELD, "")
    return bool(ours) and hmac.compare_digest(str(ours).encode(), sent.encode())


def check_form_token() -> None:
    if not is_of_ours():
        abort(400, "form_token")
