"""A phone: its number, its texts, the line it is on. Any number may have one."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from simulator.line import Line

COUNTRY = "855"
LONGEST_THREAD = 300
MOST_PHONES = 2000


def to_e164(number: str) -> str:
    """`012 345 678` -> `+85512345678`; a short code stays bare; ValueError if it is no number."""
    bare = re.sub(r"[\s\-().]", "", number)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    digits = bare.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or not 2 < len(digits) < 16:
        raise ValueError("a phone number has 3 to 15 digits, such as 012 345 678")
    if bare.startswith("+"):
        return bare
    if digits.startswith("0"):
        return f"+{COUNTRY}{digits[1:]}"
    return digits if len(digits) <= 6 else f"+{digits}"


@dataclass(slots=True)
class Text:
    """One SMS as a phone shows it; `mine`: written on this phone."""

    sid: str
    peer: str
    body: str
    mine: bool
    at: str
    segments: int
    state: str = ""


@dataclass(slots=True)
class Handset:
    """A phone. `id` stands for the number wherever a number must not be written."""

    id: str
    number: str
    name: str = ""
    name_km: str = ""
    role: str = ""
    shown: bool = False
    is_on: bool = True
    withholds: bool = False
    line: Line | None = None
    unread: int = 0
    texts: deque[Text] = field(default_factory=lambda: deque(maxlen=LONGEST_THREAD))

    def is_busy(self) -> bool:
        """On a line that is not over."""
        return self.line is not None and self.line.state != "over"

    def as_json(self) -> dict[str, Any]:
        """Plain values for the page."""
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "name_km": self.name_km,
            "role": self.role,
            "is_on": self.is_on,
            "withholds": self.withholds,
            "unread": self.unread,
            "texts": [asdict(text) for text in self.texts],
            "call": _line_as_json(self.line),
        }


def _line_as_json(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {
        "sid": line.call_sid,
        "peer": line.peer,
        "incoming": line.incoming,
        "state": line.state,
        "why_over": line.why_over,
        "talks_with": line.talks_with.owner if line.talks_with else None,
        "ears": line.ears,
        "listening": line.listening,
        "playing": line.playing.number if line.playing else None,
        "heard": [asdict(heard) for heard in line.heard[-40:]],
    }


class Phonebook:
    """All phones by number. Changes wake whoever waits and go to the pages."""

    def __init__(
        self,
        turnstile: threading.Condition,
        publish: Callable[[dict[str, Any]], None],
        has_readers: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._turnstile = turnstile
        self._publish = publish
        self._has_readers = has_readers
        self._now = now
        self._phones: dict[str, Handset] = {}

    def get(self, number: str) -> Handset:
        """The phone with this number; a new one, not shown, if there was none."""
        with self._turnstile:
            phone = self._phones.get(number)
            if phone is None:
                if len(self._phones) >= MOST_PHONES:
                    self._forget_one()
                phone = Handset(f"phone-{len(self._phones) + 1}", number)
                self._phones[number] = phone
            return phone

    def show(self, number: str, name: str = "", name_km: str = "", role: str = "") -> Handset:
        """Put a phone on the page."""
        phone = self.get(number)
        phone.shown = True
        phone.name = name or phone.name
        phone.name_km = name_km or phone.name_km
        phone.role = role or phone.role
        self.changed(phone)
        return phone

    def by_id(self, name: str) -> Handset:
        """KeyError if there is none."""
        with self._turnstile:
            for phone in self._phones.values():
                if phone.id == name:
                    return phone
        raise KeyError(name)

    def all(self) -> list[Handset]:
        """Every phone, oldest first."""
        with self._turnstile:
            return list(self._phones.values())

    def changed(self, phone: Handset) -> None:
        """Tell the pages and whoever waits."""
        with self._turnstile:
            self._turnstile.notify_all()
            if phone.shown and self._has_readers():
                self._publish({"type": "phone", "phone": phone.as_json()})

    def add_text(self, number: str, text: Text) -> None:
        """A text appears on a phone."""
        phone = self.get(number)
        with self._turnstile:
            phone.texts.append(text)
            if not text.mine:
                phone.unread += 1
        self.changed(phone)

    def set_text_state(self, number: str, sid: str, state: str) -> None:
        """A text that this phone wrote got further."""
        phone = self.get(number)
        with self._turnstile:
            for text in phone.texts:
                if text.sid == sid:
                    text.state = state
        self.changed(phone)

    def _forget_one(self) -> None:
        for number, phone in self._phones.items():
            if not phone.shown and not phone.is_busy():
                del self._phones[number]
                return
