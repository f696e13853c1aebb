"""Faults on demand: each is armed for a number of times and goes off where it fits."""

from __future__ import annotations

import itertools
import threading
from dataclasses import asdict, dataclass
from typing import Any

from simulator.bulletin import Bulletin

WEBHOOK_FAULTS = {
    "duplicate": "the webhook is delivered twice, with the same token",
    "reorder": "a receipt comes after the next one",
    "lose": "the webhook is never sent",
    "stall": "the webhook is sent `seconds` late",
    "bad_signature": "the webhook carries a wrong signature",
}
API_FAULTS = {
    "refuse": "the API refuses with `code`",
    "rate_limit": "the API answers 429, code 20429",
    "server_error": "the API answers 500",
    "cut": "the API accepts, then the connection is cut without an answer",
    "slow": "the API answers `seconds` late",
}
DELIVERY_FAULTS = {
    "receipt": "the text is not delivered, with `code` 30003, 30005 or 30007",
    "no_receipt": "the text is delivered, but nothing is heard after `sent`",
}
KINDS = {**WEBHOOK_FAULTS, **API_FAULTS, **DELIVERY_FAULTS}
PLACES = ("any", "call", "call status", "text", "receipt", "recording", "calls", "messages")


@dataclass(slots=True)
class Fault:
    """An armed fault. `times` None: until disarmed. `place`: a webhook kind or an API resource."""

    number: int
    kind: str
    place: str = "any"
    times: int | None = 1
    seconds: float = 15.0
    code: str = ""


class Faults:
    """All armed faults of a company."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._lock = threading.Lock()
        self._bulletin = bulletin
        self._numbers = itertools.count(1)
        self._armed: list[Fault] = []

    def arm(
        self,
        kind: str,
        *,
        place: str = "any",
        times: int | None = 1,
        seconds: float = 15.0,
        code: str = "",
    ) -> Fault:
        """Arm a fault; ValueError if there is no such kind or place."""
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
        if place not in PLACES:
            raise ValueError(f"no place {place!r}; there are {', '.join(PLACES)}")
        fault = Fault(next(self._numbers), kind, place, times, seconds, code)
        with self._lock:
            self._armed.append(fault)
        self._tell()
        return fault

    def take(self, kind: str, place: str) -> Fault | None:
        """The fault that goes off now, one time used up; None almost always."""
        with self._lock:
            for fault in self._armed:
                if fault.kind == kind and fault.place in ("any", place):
                    break
            else:
                return None
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
        self._tell()
        return fault

    def disarm(self, number: int | None = None) -> None:
        """Disarm one fault, or all."""
        with self._lock:
            self._armed = [f for f in self._armed if number is not None and f.number != number]
        self._tell()

    def as_json(self) -> list[dict[str, Any]]:
        """Plain values for the page."""
        with self._lock:
            return [asdict(fault) for fault in self._armed]

    def _tell(self) -> None:
        self._bulletin.publish({"type": "faults", "faults": self.as_json()})
