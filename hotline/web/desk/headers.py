"""What every answer of the desk tells the browser: run, keep and frame nothing."""

from __future__ import annotations

from flask import Response, current_app

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def guard_answer(response: Response, *, may_be_kept: bool) -> Response:
    """`may_be_kept`: a style sheet or font, which says nothing of anybody."""
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    if current_app.config["SESSION_COOKIE_SECURE"]:  # our public address is https
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if not may_be_kept:
        response.headers["Cache-Control"] = "no-store"
    return response
