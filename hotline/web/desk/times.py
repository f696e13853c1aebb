"""Times as staff read them: the clock in Phnom Penh, and how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hotline.web.desk.languages import translate

PHNOM_PENH = timezone(timedelta(hours=7))  # no summer time; no time zone files needed
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


def clock(moment: datetime) -> str:
    """ "22/11 14:05": day first, as it is written in Cambodia."""
    return f"{moment.astimezone(PHNOM_PENH):%d/%m %H:%M}"


def stamp(moment: datetime) -> str:
    """For a machine that reads the page."""
    return moment.astimezone(PHNOM_PENH).isoformat(timespec="minutes")
