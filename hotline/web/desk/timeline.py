"""What happened to a case, line by line, in words; a long story a stretch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import request

from hotline.storage.attempt import attempts_between
from hotline.storage.case_view import (
    DONE_TO_THEM,
    alerts_between,
    events_after,
    newest_event_id,
    newest_events,
)
from hotline.storage.database import Transaction
from hotline.told import Told
from hotline.web.desk.languages import translate
from hotline.web.desk.timeline_words import (
    GROUPS,
    NOT_KEPT,
    ON_ITS_WAY,
    PAGE_STATES,
    SENTENCES,
)
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.words import in_words

LINES = 40
MOST_NEWS = 20
_LAST_PART = 999
_SAME_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is what a person wrote: shown as it is, never as markup."""

    id: int
    at: datetime
    kind: str
    sentence: str
    words: str | None = None
    who: str | None = None
    is_new: bool = False  # others added it since the reader opened the page


@dataclass(frozen=True, slots=True)
class Timeline:
    """`part` 1 ends with the newest line; `newest` is that line, whichever part is shown."""

    lines: Sequence[Line]
    part: int
    has_older: bool
    newest: int


def part_asked() -> int:
    """Which stretch the address asks for; 1, the newest, for nonsense."""
    return min(max(number_of(request.args.get("part"), 3), 1), _LAST_PART)


def timeline_of(
    tx: Transaction,
    case: Any,
    told: Told | None,
    language: str,
    part: int = 1,
    *,
    since: int | None = None,
    me: int | None = None,
) -> Timeline:
    """A stretch of it, in the order it happened. `told` None: its words were deleted.

    Lines that others than `me` added after the line `since` are marked as new.
    """
    found = newest_events(tx, case.id, LINES + 1, (part - 1) * LINES)
    events = list(reversed(found[:LINES]))
    lines = _in_words(tx, case, events, told, language)
    if since is not None:
        lines = [
            replace(line, is_new=line.id > since and _is_of_others(event, me))
            for line, event in zip(lines, events, strict=True)
        ]
    newest = max((line.id for line in lines), default=0)
    if part > 1:
        newest = newest_event_id(tx, case.id)
    return Timeline(lines, part, len(found) > LINES, newest)


def _is_of_others(event: Any, me: int | None) -> bool:
    return event.staff_id != me or event.what in DONE_TO_THEM


def news_of(
    tx: Transaction, case: Any, told: Told | None, language: str, since: int, me: int
) -> list[Line]:
    """What others did after the line `since`, in order."""
    return _in_words(tx, case, events_after(tx, case.id, since, me, MOST_NEWS), told, language)


def _in_words(
    tx: Transaction, case: Any, events: Sequence[Any], told: Told | None, language: str
) -> list[Line]:
    if not events:
        return []
    what = {event.what for event in events}
    since, until = min(event.at for event in events), max(event.at for event in events)
    attempts = list(attempts_between(tx, case.id, since, until)) if "attempt" in what else []
    alerts = list(alerts_between(tx, case.id, since, until)) if "paged" in what else []
    lines = []
    for event in events:
        sealed, where = _sealed_of(event, attempts)
        words = told.words(sealed, where) if sealed and told else None
        sentence = _sentence(event, alerts, language)
        lines.append(Line(event.id, event.at, event.what, sentence, words, event.staff_name))
    return lines


def _sealed_of(event: Any, attempts: list[Any]) -> tuple[bytes | None, str]:
    """The note of an attempt is kept with the attempt: the one of the same moment and outcome."""
    if event.what != "attempt":
        return event.text_sealed, "event"
    for place, one in enumerate(attempts):
        if (one.at, one.staff_id, one.outcome) == (event.at, event.staff_id, event.code):
            return attempts.pop(place).note_sealed, "attempt"
    return None, "attempt"


def _sentence(event: Any, alerts: list[Any], language: str) -> str:
    """`alerts` loses those that are told."""
    english = SENTENCES.get(event.what)
    if english is None:
        return str(event.what).replace("_", " ")
    if event.what == "paged":
        what = _became(event, alerts, language)
    else:
        what = in_words(language, GROUPS.get(event.what, "reason"), event.code or "")
    return translate(language, english, who=event.staff_name or "", what=what)


def _became(event: Any, alerts: list[Any], language: str) -> str:
    """What became of the text and of the call that made up one alert."""
    of_it = [
        alert
        for alert in alerts
        if alert.staff_name == event.staff_name and abs(alert.created_at - event.at) < _SAME_MOMENT
    ]
    for alert in of_it:
        alerts.remove(alert)
    states = (PAGE_STATES[alert.channel].get(alert.state, ON_ITS_WAY) for alert in of_it)
    words = dict.fromkeys(translate(language, state) for state in states)
    return ", ".join(words) or translate(language, NOT_KEPT)
