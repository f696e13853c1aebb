"""A day and time that staff set for a case: whether it can be, and whether it suits the caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from hotline.core.local_time import PHNOM_PENH
from hotline.core.safe_call import hours_of, next_opening, stands_against

LONGEST: Final = timedelta(days=60)
"""Nobody is forgotten for longer: then somebody looks, and sets a new date or closes the case."""

LONGEST_URGENT: Final = timedelta(days=14)
_URGENT = frozenset({"P0", "P1"})


class Fit(StrEnum):
    """How a date suits. All but the last two are refused."""

    PAST = "past"
    TOO_FAR = "too_far"
    UNSAFE_TIME = "unsafe_time"  # outside the hours the caller said are safe: asked twice
    FITS = "fits"


def fit_of(
    at: datetime,
    now: datetime,
    plan: Mapping[str, str],
    notes: Mapping[str, str],
    flags: Collection[str],
    priority: str,
    zone: tzinfo = PHNOM_PENH,
) -> Fit:
    """What to say to a date. Where no call may be made at all, any hour will do to look again."""
    if at <= now:
        return Fit.PAST
    if at - now > longest(priority):
        return Fit.TOO_FAR
    if stands_against(plan, flags) is not None:
        return Fit.FITS
    return Fit.FITS if _is_safe(at, plan, notes, zone) else Fit.UNSAFE_TIME


def longest(priority: str) -> timedelta:
    return LONGEST_URGENT if priority in _URGENT else LONGEST


def suggested(
    now: datetime, plan: Mapping[str, str], notes: Mapping[str, str], zone: tzinfo = PHNOM_PENH
) -> datetime:
    """Tomorrow, as soon as it is safe: what a form shows before anybody chose."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    morning = datetime.combine(tomorrow, time(8), zone).astimezone(now.tzinfo)
    # Urgency opens the night; a date that is set in advance keeps to the hours.
    return next_opening(plan, notes, "P2", morning, zone) or morning


def _is_safe(at: datetime, plan: Mapping[str, str], notes: Mapping[str, str], zone: tzinfo) -> bool:
    hours = hours_of(plan, notes)
    return hours is not None and hours.since <= at.astimezone(zone).time() < hours.until
