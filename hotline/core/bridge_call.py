"""The rules of a bridge: which modes there are, what a caller's keys mean, what a ring led to.

Screened: the staff member is on the line and hears it ring; the caller is asked in a call of their
own and let through. Apart, where a carrier cannot ask first: both are rung one after the other,
the caller first, and only who pressed 1 has the staff member's phone rung.
"""

from __future__ import annotations

import re
from typing import Final

SCREENED, APART = "screened", "apart"

STAFF, CALLER, TALKING, OVER = "staff", "caller", "talking", "over"
"""Whose phone rings or who is being asked; then both talk; then it is over."""

RING_SECONDS: Final = 25
"""How long a caller's phone rings: shorter than a network waits before its voicemail answers."""

STAFF_RING_SECONDS: Final = 30

MOST_SILENCES: Final = 2
"""After so many questions without 1, 2 or 3 nobody is connected, and nothing more is said."""

REACHED, NO_ANSWER, BUSY = "reached", "no_answer", "busy"
ASKED_LATER, WRONG_PERSON = "asked_later", "wrong_person"

NOT_CALLED, GIVEN_UP = "not_called", "given_up"
NO_STAFF, NO_NEWS = "no_staff", "no_news"
"""Ends that are no attempt: the caller was never rung; the staff member put the phone down first;
the caller pressed 1 and no staff member was there; nobody ever told how it ended."""

YES, LATER, WRONG = "1", "2", "3"
OUTCOME_OF_KEY: Final = {LATER: ASKED_LATER, WRONG: WRONG_PERSON}

_TICKET = re.compile(r"b([1-9][0-9]{0,17})")


def ticket_of(bridge_id: int) -> str:
    """What the caller's leg of a screened bridge carries."""
    return f"b{bridge_id}"


def bridge_in(ticket: str | None) -> int | None:
    """The bridge a ticket names; None for every other ticket."""
    found = _TICKET.fullmatch(ticket or "")
    return int(found[1]) if found else None


def outcome_of_ring(status: str) -> str:
    """What it means that a caller was rung and did not press 1, in a carrier's five words.

    "completed" is an answering machine, or somebody who said nothing; whether people talked is
    known from the key and never from this word, which carriers use differently.
    """
    return BUSY if status == "busy" else NO_ANSWER
