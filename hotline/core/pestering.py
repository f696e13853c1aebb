"""When a phone that calls without end may only listen for a while, and how silence adds up.

Never a block: who listens only still has the keys for danger and for a missing child, an open case
gives back the whole line, and what led to one pause never counts towards the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(hours=2)
CALLS_IN = timedelta(hours=1)
MOST_CALLS = 8
"""More calls than this within an hour, none of which came to a case."""

PRANKS_IN = timedelta(days=7)
MOST_PRANKS = 3
"""So many cases closed as no case within a week."""

SILENT_IN_A_DAY, SILENT_IN_A_WEEK = 3, 5
A_DAY, A_WEEK = timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a phone. Times only: nobody's words say whether somebody pesters.

    `calls`: when its calls began, with whether each came to a case; `pranks`: when cases of it were
    closed as no case; `paused_until`: the end of its last pause.
    """

    calls: Sequence[tuple[datetime, bool]] = ()
    pranks: Sequence[datetime] = ()
    paused_until: datetime | None = None
    has_open_case: bool = False


def listens_until(seen: Seen, now: datetime) -> datetime | None:
    """Until when this phone may only listen; None: it has the whole line."""
    if seen.has_open_case:
        return None
    since = seen.paused_until
    if since is not None and since > now:
        return since
    return now + PAUSE if _pesters(seen, since, now) else None


def _pesters(seen: Seen, since: datetime | None, now: datetime) -> bool:
    lately = [
        has_case
        for at, has_case in seen.calls
        if at > now - CALLS_IN and (since is None or at > since)
    ]
    pranks = [at for at in seen.pranks if at > now - PRANKS_IN and (since is None or at > since)]
    is_without_end = len(lately) > MOST_CALLS and not any(lately)
    return is_without_end or len(pranks) >= MOST_PRANKS


def is_a_pattern(silent: Sequence[datetime], now: datetime) -> bool:
    """Whether so many calls without a single key say something by themselves."""
    in_a_day = sum(at > now - A_DAY for at in silent)
    in_a_week = sum(at > now - A_WEEK for at in silent)
    return in_a_day >= SILENT_IN_A_DAY or in_a_week >= SILENT_IN_A_WEEK
