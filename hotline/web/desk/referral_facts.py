"""What stands on a referral sheet: each ticked field in Khmer and English, and for a computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline import callers, describing, referring
from hotline.core.callback_plan import AGE, WHO_ANSWERS, WINDOW
from hotline.parts import Hotline
from hotline.safe_calling import Known
from hotline.storage.database import Transaction
from hotline.web.desk.languages import LANGUAGES
from hotline.web.desk.place_field import label
from hotline.web.desk.plan_words import answers_in_words, as_dialled
from hotline.web.desk.referral_words import PASSED_ON
from hotline.web.desk.words import in_words

EXPORT_NAMES: Mapping[str, str] = {
    "number": "client_phone",
    "safe_time": "preferred_contact_time",
    "who_answers": "if_somebody_else_answers",
    "language": "language",
    "age": "age_group",
    "place": "location_current",
    "kind": "referral_reason",
    "answers": "answers",
    "words": "notes_on_referral",
}
"""How a ticked field is called in the file; docs/referrals.md tells where each name comes from."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`values` in Khmer and in English; none where nobody knows. `codes` are for the file."""

    name: str
    label: str
    values: list[tuple[str, str]]
    codes: str | list[dict[str, str]] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    hotline: Hotline
    tx: Transaction
    case: Any
    row: Any
    known: Known


def facts_of(hotline: Hotline, tx: Transaction, case: Any, row: Any, known: Known) -> list[Fact]:
    """What this referral was agreed to tell, and nothing else."""
    asked = _Asked(hotline, tx, case, row, known)
    found = []
    for name in row.fields:
        values, codes = _READERS[name](asked)
        found.append(Fact(name, PASSED_ON[name], values, codes))
    return found


_Found = tuple[list[tuple[str, str]], Any]


def _both(group: str, code: str | None) -> _Found:
    """A code in both languages."""
    if not code:
        return [], None
    return [(in_words("km", group, code), in_words("en", group, code))], code


def _as_is(words: str | None) -> _Found:
    return ([(words, "")] if words else []), words


def _number(asked: _Asked) -> _Found:
    number = asked.known.number
    return ([(as_dialled(number), "")], number) if number else ([], None)


def _language(asked: _Asked) -> _Found:
    caller_id = asked.case.caller_id
    code = callers.get(asked.tx, caller_id).language if caller_id is not None else None
    return _as_is(LANGUAGES.get(code or "", code)) if code else ([], None)


def _age(asked: _Asked) -> _Found:
    """A band: what staff wrote down, else what was keyed. Never a date of birth."""
    told = asked.known.told
    band = describing.facts_of(told, asked.case).get("age")
    if isinstance(band, str):
        return _both("fact_age", band)
    keyed = told.plan.get(AGE) or told.notes.get(AGE)
    is_child = keyed == "child" or told.notes.get("under_18") == "yes"
    return _both("age_keyed", "child" if is_child else keyed)


def _place(asked: _Asked) -> _Found:
    code = asked.case.place
    return ([(label(code, "km"), label(code, "en"))], code) if code else ([], None)


def _answers(asked: _Asked) -> _Found:
    notes = asked.known.told.notes
    pairs = zip(answers_in_words(notes, "km"), answers_in_words(notes, "en"), strict=True)
    values = [(f"{q} {a}", f"{q_en} {a_en}") for (q, a), (q_en, a_en) in pairs]
    codes = [{"question": q, "answer": a} for q, a in answers_in_words(notes, "en")]
    return values, codes or None


_READERS: Mapping[str, Callable[[_Asked], _Found]] = {
    "number": _number,
    "safe_time": lambda asked: _both("window", asked.known.told.plan.get(WINDOW)),
    "who_answers": lambda asked: _both("who_answers", asked.known.told.plan.get(WHO_ANSWERS)),
    "language": _language,
    "age": _age,
    "place": _place,
    "kind": lambda asked: _both("kind", asked.case.kind),
    "answers": _answers,
    "words": lambda asked: _as_is(referring.words_of(asked.hotline, asked.tx, asked.row)),
}
