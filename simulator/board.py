"""The board: every call and text the company carries, as it happens, for whoever watches the page.

It sees phones and their lines, and nothing of the hotline. An entry appears when a phone begins to
ring and changes until the call is over; two phones that are joined show whom they talk with.
"""

from __future__ import annotations

import itertools
import threading
from datetime import datetime, timedelta
from typing import Any

from simulator.bulletin import Bulletin
from simulator.clock import Clock
from simulator.line import Line

MOST = 200
CALLS_BACK = timedelta(minutes=5)
"""A phone that was turned away and is rung so soon after is rung back."""

Entry = dict[str, Any]


class Board:
    """The last `MOST` entries, oldest first, and news of each change."""

    def __init__(self, bulletin: Bulletin, clock: Clock) -> None:
        self._bulletin = bulletin
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._turned_away: dict[str, datetime] = {}
        self._numbers = itertools.count(1)

    def see_line(self, line: Line) -> None:
        """The line of a phone has changed."""
        with self._lock:
            entry = dict(self._entries.get(_name(line)) or self._begin(line))
            now = self._clock.now()
            entry["state"] = _state_of(line)
            if entry["state"] in ("listens", "talks") and not entry["since"]:
                entry["since"] = now.isoformat()
            if line.talks_with is not None and not entry["with"]:
                self._join(entry, line.talks_with, now)
            if entry["state"] == "over" and not entry["how"]:
                self._end(entry, line, now)
            self._keep(entry)

    def see_text(self, sid: str, phone: str, shown: str, state: str, *, mine: bool) -> None:
        """A text has come further. `phone` wrote it (`mine`) or gets it from `shown`."""
        with self._lock:
            known = self._entries.get(sid)
            at = known["at"] if known else self._clock.now().isoformat()
            self._keep(
                {"id": sid, "kind": "text", "at": at, "phone": phone, "shown": shown}
                | {"mine": mine, "state": state}
            )

    def entries(self) -> list[Entry]:
        """Oldest first."""
        with self._lock:
            return list(self._entries.values())

    # ------------------------------------------------------------ inside

    def _begin(self, line: Line) -> Entry:
        now = self._clock.now()
        turned_away = self._turned_away.pop(line.owner, None) if line.incoming else None
        return {
            "id": _name(line),
            "number": next(self._numbers),
            "kind": "call",
            "at": now.isoformat(),
            "phone": line.owner,
            "shown": line.peer,  # what the phone shows, or what it dialled
            "mine": not line.incoming,
            "calls_back": turned_away is not None and now - turned_away < CALLS_BACK,
            "state": "",
            "since": "",
            "with": "",
            "with_shown": "",
            "how": "",
            "seconds": 0,
        }

    def _join(self, entry: Entry, other: Line, now: datetime) -> None:
        """The one who was rung last carries the pair, so that it stands there once."""
        before = self._entries.get(_name(other))
        if before is None or before["number"] > entry["number"]:
            return
        entry |= {"with": other.owner, "with_shown": other.peer, "since": now.isoformat()}

    def _end(self, entry: Entry, line: Line, now: datetime) -> None:
        entry["how"] = _how_it_ended(entry, line)
        if entry["since"]:
            talked = now - datetime.fromisoformat(entry["since"])
            entry["seconds"] = round(talked.total_seconds())
        if entry["how"] == "turned_away":
            self._turned_away[line.owner] = now

    def _keep(self, entry: Entry) -> None:
        if self._entries.get(entry["id"]) == entry:
            return
        self._entries[entry["id"]] = entry
        while len(self._entries) > MOST:
            del self._entries[next(iter(self._entries))]
        if self._bulletin.has_readers():
            self._bulletin.publish({"type": "board", "entry": entry})


def _name(line: Line) -> str:
    return f"{line.call_sid}/{line.owner}"


def _state_of(line: Line) -> str:
    """rings, listens (to the line), talks (with another phone), over."""
    if line.state == "over":
        return "over"
    if line.talks_with is not None:
        return "talks"
    return "listens" if line.state == "talking" else "rings"


def _how_it_ended(entry: Entry, line: Line) -> str:
    """ended, declined, turned_away, busy, no_answer, failed or canceled."""
    if entry["since"]:
        return "ended"
    if line.answer == "no":
        return "declined"
    if entry["mine"] and line.why_over == "busy":
        return "turned_away"
    return line.why_over.replace("-", "_") or "ended"
