"""The time of the house: Cambodia has no summer time, so no time zone file is needed for it."""

from __future__ import annotations

from datetime import timedelta, timezone

PHNOM_PENH = timezone(timedelta(hours=7), "Asia/Phnom_Penh")
