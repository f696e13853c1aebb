"""What staff wrote down of a case, in words: what it was about, where, who called, which child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hotline import describing
from hotline.parts import Hotline
from hotline.places import places
from hotline.told import Told
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.visit import Visit
from hotline.web.desk.words import in_words

NAMES = {
    "contact": _("Who called"),
    "relation": _("Who that is to the child"),
    "age": _("Age of the child"),
    "gender": _("Girl or boy"),
    "living": _("The child lives"),
    "vulnerable": _("What makes it harder for the child"),
    "heard": _("How they heard of the line"),
}


@dataclass(frozen=True, slots=True)
class AboutInWords:
    """None and [] for what nobody has written down."""

    chi: str | None
    local: str | None
    place: str | None
    facts: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.local or self.place or self.facts)


def about_in_words(here: Visit, case: Any, told: Told) -> AboutInWords:
    language, categories = here.language, here.hotline.categories
    facts = describing.facts_of(told, case)
    return AboutInWords(
        categories.chi_words(case.chi, language),
        categories.local_words(case.local_code, language),
        place_in_words(case.place, language),
        [
            (translate(language, NAMES[name]), _in_words(language, name, facts[name]))
            for name in NAMES
            if facts.get(name)
        ],
    )


def place_in_words(code: str | None, language: str) -> str | None:
    return (places().label(code, language) or code) if code else None


def chi_choices(hotline: Hotline, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each group with what may be chosen of it: the group as a whole comes first."""
    return [
        (
            group.whole.words(language),
            [
                (group.whole.code, group.whole.words(language)),
                *((part.code, f"\u2013 {part.words(language)}") for part in group.parts),
            ],
        )
        for group in hotline.categories.groups
    ]


def _in_words(language: str, name: str, codes: str | list[str]) -> str:
    several = codes if isinstance(codes, list) else [codes]
    return ", ".join(in_words(language, f"fact_{name}", code) for code in several)
