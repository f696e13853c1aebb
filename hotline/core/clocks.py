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
