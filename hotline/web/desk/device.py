"""What kind of machine somebody signs in with: enough to know one's own, and nothing more."""

from __future__ import annotations

from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate

_SIGNS = (  # the first that stands in what the browser says of itself
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("CrOS", "chromebook"),
    ("Windows", "windows"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)
_WORDS = {
    "iphone": _("iPhone"),
    "ipad": _("iPad"),
    "android": _("Android phone or tablet"),
    "chromebook": _("Chromebook"),
    "windows": _("Windows computer"),
    "mac": _("Mac computer"),
    "linux": _("Linux computer"),
}

_OTHER = _("Another device")


def device_of(agent: str) -> str | None:
    """A code; None for what names itself in another way."""
    return next((code for sign, code in _SIGNS if sign in agent), None)


def in_words(language: str, code: str | None) -> str:
    return translate(language, _WORDS.get(code or "", _OTHER))
