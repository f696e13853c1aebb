"""Times as staff read them: the clock in Phnom Penh, and how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline.core.local_time import PHNOM_PENH
from hotline.web.desk.languages import translate

_HOUR = 3600
_DAY = 24 * _HOUR


def age(moment: datetime, now: datetime, language: str) -> str:
    """How long since `moment`: "12 min", "3 h 5 min", "2 d"."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return translate(language, "just now")
    if seconds < _HOUR:
        return translate(language, "%(n)s min", n=seconds // 60)
    if seconds < _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // 60
        words = translate(language, "%(n)s h", n=hours)
        return f"{words} {translate(language, '%(n)s min', n=minutes)}" if minutes else words
    return translate(language, "%(n)s d", n=seconds // _DAY)


def until(moment: datetime, now: datetime, language: str) -> str:
    """How long until `moment`, or since when it is over: "in 12 min", "12 min late"."""
    if moment > now:
        return translate(language, "in %(span)s", span=_span(moment - now, language))
    return translate(language, "%(span)s late", span=_span(now - moment, language))


def _span(span: timedelta, language: str) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return translate(language, "%(n)s min", n=minutes)
    if minutes < 48 * 60:
        return translate(language, "%(n)s h", n=round(minutes / 60))
    return translate(language, "%(n)s d", n=round(minutes / (24 * 60)))


def clock(moment: datetime, now: datetime | None = None) -> str:
    """ "22/11 14:05": day first, as people write here; "22/11/2025 14:05" of another year."""
    there = moment.astimezone(PHNOM_PENH)
    is_this_year = now is None or there.year == now.astimezone(PHNOM_PENH).year
    return f"{there:%d/%m %H:%M}" if is_this_year else f"{there:%d/%m/%Y %H:%M}"


def stamp(moment: datetime) -> str:
    """For a machine that reads the page."""
    return moment.astimezone(PHNOM_PENH).isoformat(timespec="minutes")
