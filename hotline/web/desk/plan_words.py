"""The callback plan as staff read it: whom to ring, when, what to say, and what forbids it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.core.callback_plan import (
    AGE,
    CALLING_NUMBER,
    NUMBER,
    WHO_ANSWERS,
    WINDOW,
    consent_of,
    is_of_a_child,
)
from hotline.core.phone_number import masked
from hotline.parts import Hotline
from hotline.safe_calling import Known, number_to_ring
from hotline.storage.database import Transaction
from hotline.told import Told
from hotline.web.desk.languages import translate
from hotline.web.desk.words import in_words


@dataclass(frozen=True, slots=True)
class PlanInWords:
    """`number` is masked; `consent` is "yes", "no", "quiet", "pending" or "not_asked"."""

    number: str | None
    which_number: str
    window: str
    who_answers: str
    consent: str
    is_child: bool


def plan_in_words(case: Any, known: Known, language: str) -> PlanInWords:
    plan, notes, number = known.told.plan, known.told.notes, known.number
    return PlanInWords(
        number=masked(number) if number else None,
        which_number=_which(language, plan, number),
        window=_or_unknown(language, "window", plan.get(WINDOW)),
        who_answers=_or_unknown(language, "who_answers", plan.get(WHO_ANSWERS)),
        consent=consent_of(plan, case.flags),
        is_child=is_of_a_child(plan, notes),
    )


_NOT_ANSWERS = ("urgent", AGE)  # the first is a sign for the flows, the second stands in the plan


def known_with(hotline: Hotline, tx: Transaction, case: Any, told: Told) -> Known:
    """safe_calling.known_of, where what was told has been opened already."""
    return Known(told, number_to_ring(hotline, tx, case, told))


def answers_in_words(notes: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """What was keyed, question and answer."""
    return [
        (in_words(language, "question", name), in_words(language, "answer", value))
        for name, value in notes.items()
        if name not in _NOT_ANSWERS
    ]


def as_dialled(number: str) -> str:
    """A Cambodian number the way people here write it: 012 345 678."""
    if not number.startswith("+855"):
        return number
    local = "0" + number.removeprefix("+855")
    return " ".join((local[:3], local[3:6], local[6:])).strip()


def _which(language: str, plan: Mapping[str, str], number: str | None) -> str:
    if number is None:
        return translate(language, "The caller's number was withheld and they gave no other.")
    if NUMBER not in plan:
        return translate(language, "The phone they used; they were not asked which to ring.")
    if plan[NUMBER] == CALLING_NUMBER:
        return translate(language, "The phone they used.")
    return translate(language, "Another number, which they keyed in.")


def _or_unknown(language: str, group: str, code: str | None) -> str:
    return in_words(language, group, code) if code else translate(language, "They were not asked.")
