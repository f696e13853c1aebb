"""The last rehearsal of the line, with each of its steps, as it stands under the open cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline import rehearsing
from hotline.storage.database import Transaction
from hotline.storage.rehearsal import DONE, RUNNING, latest_rehearsals
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate

_STEPS = {
    rehearsing.ANSWER: _("The line answered"),
    rehearsing.SOUND: _("The greeting could be heard"),
    rehearsing.CASE: _("A case was opened by a key"),
    rehearsing.HANG_UP: _("The hang-up was noticed"),
    rehearsing.PAGE: _("The person on call was alerted"),
    rehearsing.CLAIM: _("The person on call answered"),
}
_WHY = {
    "connection_error": _("nothing answers at our public address"),
    "connect_timeout": _("nothing answers at our public address"),
    "read_timeout": _("our public address answers too slowly"),
    "s_s_l_error": _("the certificate of our public address is not right"),
    "status_403": _("the signature was refused: compare the carrier's token and PUBLIC_BASE_URL"),
    "asks_for_no_key": _("callers hear only the apology"),
    "opens_no_case": _("no case came of it"),
    "no_page_sent": _("nobody could be alerted"),
    "nobody_answered": _("nobody answered within 15 minutes"),
    "worker_died": _("it was broken off"),
    "closed_by_hand": _("it was closed at the desk"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`seconds` since the rehearsal began; None: it was not reached."""

    words: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The last one. `is_ok` None: it is under way."""

    is_ok: bool | None
    at: datetime
    why: str
    steps: tuple[Step, ...]


def last_rehearsal(tx: Transaction, language: str) -> Rehearsal | None:
    """For watch.html; None before there ever was one."""
    newest = latest_rehearsals(tx)
    return _in_words(newest[0], language) if newest else None


def _in_words(row: Any, language: str) -> Rehearsal:
    reached = dict(row.steps)
    steps = [
        Step(translate(language, _STEPS[step]), reached.get(step)) for step in rehearsing.STEPS
    ]
    why = row.why or ""
    known = _WHY.get(why)
    return Rehearsal(
        is_ok=None if row.state == RUNNING else row.state == DONE,
        at=row.started_at,
        why=translate(language, known) if known else why.replace("_", " "),
        steps=tuple(steps),
    )
