"""The desk's own words in Khmer and English, by gettext: English in the code, Khmer in km.po."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LANGUAGES = {"km": "ខ្មែរ", "en": "English"}
FIRST = "km"
CATALOGS = Path(__file__).parent / "translations"


def translate(language: str, english: str, **values: object) -> str:
    """`english` in `language`, with %(name)s filled in; in English where Khmer is missing."""
    words = english if language == "en" else _catalog(language).get(english, english)
    return words % values if values else words


def mark(english: str) -> str:
    """Only tells the message extractor that these words are translated where they are used."""
    return english


@cache
def _catalog(language: str) -> dict[str, str]:
    # Babel's reader is slow to load and only needed once a process opens a desk page.
    from babel.messages.pofile import read_po

    with (CATALOGS / f"{language}.po").open("rb") as lines:
        catalog = read_po(lines, locale=language)
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string}
