"""A service callers are referred to: what the list keeps of it, and when it is looked at again."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from hotline.core.place_names import LONGEST_LABEL

CATEGORIES = (
    "child_protection",
    "police",
    "health",
    "legal",
    "shelter",
    "psychosocial",
    "support",
    "migration",
    "return",
)
PROTECTS = frozenset({"child_protection", "police", "health"})
"""Who may be told of a child in danger without anybody's consent."""

ALL, CHILDREN, WOMEN = "all", "children", "women"
SERVES = (ALL, CHILDREN, WOMEN)
EVERYWHERE = ""
"""The place of a service for the whole country."""

LONGEST = {
    "name_km": 160,
    "name_en": 160,
    "place": LONGEST_LABEL,
    "hours": 200,
    "phones": 200,
    "contact_name": 120,
    "contact_phone": 200,
    "agreed_by": 120,
    "notes": 2_000,
}
"""In characters, as they are typed at the desk or stand in a file."""

CHECK_MONTHS = 3
DOORS = ("117", "1280")
"""Beside every local service stand these two: an authority nearby is not always safe."""

_PHONE = re.compile(r"\+?[0-9][0-9 .()-]{1,22}")
_DIGITS = range(3, 16)
_BETWEEN = re.compile(r"[,;/\n]+")
MOST_PHONES = 5


@dataclass(frozen=True, slots=True)
class Entrusted:
    """What is about a person at the service, or may be: it is kept sealed."""

    contact_name: str = ""
    contact_phone: str = ""
    agreed_by: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the list. `place` is a code of place_names; `phones` are those of the house."""

    name_km: str
    name_en: str
    place: str
    categories: tuple[str, ...]
    serves: str
    hours: str
    phones: str
    is_authority: bool
    agreed_on: date | None = None
    checked_on: date | None = None
    entrusted: Entrusted = field(default_factory=Entrusted, repr=False)

    @property
    def name(self) -> str:
        return self.name_km or self.name_en


def next_check(last: date) -> date:
    """Three months later; the last day of the month where that month is shorter."""
    month = last.month - 1 + CHECK_MONTHS
    year, month = last.year + month // 12, month % 12 + 1
    return date(year, month, min(last.day, monthrange(year, month)[1]))


def check_due(checked_on: date | None, today: date) -> date:
    """What nobody has checked yet is due today."""
    return next_check(checked_on) if checked_on is not None else today


def phones_in(words: str) -> list[str] | None:
    """The phone numbers in it, as they were written; None where one is no phone number."""
    found = [part.strip() for part in _BETWEEN.split(words) if part.strip()]
    return found if len(found) <= MOST_PHONES and all(_is_phone(one) for one in found) else None


def phone_links(words: str) -> list[tuple[str, str]]:
    """Each number as it was written, and as a phone dials it."""
    return [(one, re.sub(r"[^0-9+]", "", one)) for one in phones_in(words) or ()]


def _is_phone(words: str) -> bool:
    return bool(_PHONE.fullmatch(words)) and len(re.sub(r"\D", "", words)) in _DIGITS
