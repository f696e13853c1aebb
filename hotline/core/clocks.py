"""The two clocks of a case: when somebody must have it, and when somebody must have called."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline.core.escalation import Clock


def claim_due(clock: Clock, opened: datetime) -> datetime:
    return opened + timedelta(seconds=clock.claim)


def attempt_due(clock: Clock, opened: datetime, claimed: datetime | None = None) -> datetime:
    """The first attempt, counted from the opening.

    Who takes a case late still gets the time that lies between the two targets.
    """
    by_opening = opened + timedelta(seconds=clock.attempt)
    if claimed is None:
        return by_opening
    return max(by_opening, claimed + timedelta(seconds=max(clock.attempt - clock.claim, 0)))


def within_hours(
    due: datetime, now: datetime, opens: datetime | None, lapse: timedelta
) -> datetime | None:
    """When a call is due whose hours `opens` next: so long after, if that is later than `due`.

    None: it stays due when it is, since the hours are open now or begin before.
    """
    if opens is None or opens <= now or opens < due:
        return None
    return opens + lapse
