"""The time of the house: Cambodia has no summer time, so no time zone file is needed for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone, tzinfo

PHNOM_PENH = timezone(timedelta(hours=7), "Asia/Phnom_Penh")


def day_at(moment: datetime, there: tzinfo = PHNOM_PENH) -> date:
    """The day it is there at that moment."""
    return moment.astimezone(there).date()
