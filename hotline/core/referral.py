"""A referral: what may be passed on, with whose consent, and the steps of a warm handover."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.core.listed_service import PROTECTS

ASKED, AGREED, HANDED_OVER = "asked", "agreed", "handed_over"
CONFIRMED, REFUSED, FAILED = "confirmed", "refused", "failed"
UNDER_WAY = (ASKED, AGREED, HANDED_OVER)
HANDED = (HANDED_OVER, CONFIRMED)

YES, ALONE, NO, MUST = "yes", "alone", "no", "must"
ANSWERS = (YES, ALONE, NO, MUST)
"""Yes; they ring there themselves, nothing is passed on; no; a child is in danger now."""

CALLER, CHILD, BOTH = "caller", "child", "both"
WHO_SAID = (CALLER, CHILD, BOTH)

CALLED, TOLD = "called", "told"
_WAYS: dict[str, dict[str, str]] = {
    ASKED: {CALLED: ASKED, AGREED: AGREED},
    AGREED: {CALLED: AGREED, TOLD: AGREED, HANDED_OVER: HANDED_OVER},
    HANDED_OVER: {TOLD: HANDED_OVER, CONFIRMED: CONFIRMED},
}
_ALONE: dict[str, dict[str, str]] = {
    ASKED: {CALLED: ASKED, TOLD: HANDED_OVER},
    HANDED_OVER: {CONFIRMED: CONFIRMED},
}
STEPS = (CALLED, AGREED, TOLD, HANDED_OVER, CONFIRMED, REFUSED, FAILED)

NUMBER, SAFE_TIME, WHO_ANSWERS = "number", "safe_time", "who_answers"
WORDS = "words"
FIELDS = (
    NUMBER,
    SAFE_TIME,
    WHO_ANSWERS,
    "language",
    "age",
    "place",
    "kind",
    "answers",
    WORDS,
)
"""What may stand on a sheet. Each is ticked by itself; `words` are staff's own."""

BY_DANGER, NEVER = "danger", "never"
"""Whether the duty to report may come before consent: what the partner and its lawyer decided."""

_URGENT = ("P0", "P1")
_SOON, _LATER = timedelta(hours=24), timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in when the caller was asked."""

    answer: str
    said_by: str
    fields: Collection[str]
    words: str = ""
    reason: str = ""


def fault_of(
    asked: Asked, *, categories: Collection[str], priority: str, policy: str, was_refused: bool
) -> str | None:
    """Why this referral may not begin; None: it may. The gate before anything is passed on."""
    if asked.answer not in ANSWERS:
        return "choose_answer"
    if was_refused and asked.answer != NO:
        return "was_refused"
    if asked.answer == MUST:
        return _fault_of_duty(asked, categories, priority, policy)
    if asked.answer == YES:
        return _fault_of_yes(asked)
    return None


def _fault_of_yes(asked: Asked) -> str | None:
    if asked.said_by not in WHO_SAID:
        return "who_said"
    return _fault_of_fields(asked)


def _fault_of_duty(
    asked: Asked, categories: Collection[str], priority: str, policy: str
) -> str | None:
    if policy != BY_DANGER:
        return "duty_is_off"
    if priority not in _URGENT:
        return "not_in_danger"
    if not PROTECTS.intersection(categories):
        return "does_not_protect"
    return "reason" if not asked.reason else _fault_of_fields(asked)


def _fault_of_fields(asked: Asked) -> str | None:
    if not asked.fields:
        return "tick_something"
    return "write_words" if WORDS in asked.fields and not asked.words else None


def passed_on(answer: str, ticked: Iterable[str]) -> list[str]:
    """What goes on the sheet. A number never goes without when it is safe and who may answer."""
    if answer not in (YES, MUST):
        return []
    chosen = set(ticked)
    if NUMBER in chosen:
        chosen |= {SAFE_TIME, WHO_ANSWERS}
    return [name for name in FIELDS if name in chosen]


def steps_from(state: str, answer: str) -> list[str]:
    """What may be written down next; to stop is always possible while it is under way."""
    if state not in UNDER_WAY:
        return []
    ways = (_ALONE if answer == ALONE else _WAYS)[state]
    return [*ways, REFUSED, FAILED]


def state_after(state: str, answer: str, step: str) -> str | None:
    """The state this step leads to; None where it cannot be taken."""
    if step not in steps_from(state, answer):
        return None
    ways = (_ALONE if answer == ALONE else _WAYS)[state]
    return ways.get(step, step)


def word_due(priority: str, since: datetime) -> datetime:
    """By when somebody asks whether the service really reached the caller."""
    return since + (_SOON if priority in _URGENT else _LATER)


def may_print(state: str, answer: str, fields: Collection[str]) -> bool:
    """Nothing more goes out once the caller took their consent back, or the service failed."""
    return answer in (YES, MUST) and bool(fields) and state not in (REFUSED, FAILED)
