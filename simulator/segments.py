"""How many SMS segments a text takes: GSM-7 160/153, anything else UCS-2 70/67."""

from __future__ import annotations

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = set("\f^{}\\[~]|€")


def count_segments(text: str) -> int:
    """Segments of `text`, at least 1. A Khmer letter makes the whole text UCS-2."""
    if all(letter in _GSM or letter in _GSM_TWO for letter in text):
        units = sum(2 if letter in _GSM_TWO else 1 for letter in text)
        return _split(units, 160, 153)
    return _split(len(text.encode("utf-16-le")) // 2, 70, 67)


def _split(units: int, alone: int, joined: int) -> int:
    return 1 if units <= alone else -(-units // joined)
