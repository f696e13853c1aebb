"""Ladders and clocks in words: "at once: first on call, by text and call"."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.core.escalation import Policy
from hotline.house_rules import all_policies
from hotline.storage.database import Transaction
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.visit import Visit

NAMES = {
    "danger": _("Danger now"),
    "urgent": _("Urgent cases"),
    "calm": _("Cases for today or later"),
}
PEOPLE = {
    "first": _("first on call"),
    "second": _("second on call"),
    "supervisors": _("all supervisors"),
    "everyone": _("everybody"),
}
WAYS = {"sms": _("by text"), "voice": _("by call"), "both": _("by text and call")}
CLOCKS = {
    "claim": _("Somebody has it within"),
    "attempt": _("Somebody has called within"),
    "lapse": _("Goes back after a reminder within"),
    "follow_up": _("Looked at again after"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Ladder:
    name: str
    title: str
    priorities: tuple[str, ...]
    steps: tuple[str, ...]


def ladders_in_words(here: Visit, tx: Transaction) -> list[Ladder]:
    by_name: dict[str, list[str]] = {}
    policies = all_policies(here.hotline, tx)
    for priority, policy in policies.items():
        by_name.setdefault(policy.name, []).append(priority)
    return [
        Ladder(name, title_of(name, here.language), tuple(taken), _steps(policies[taken[0]], here))
        for name, taken in by_name.items()
    ]


def title_of(name: str, language: str) -> str:
    return translate(language, NAMES[name]) if name in NAMES else name


def clock_rows(here: Visit, tx: Transaction) -> list[tuple[str, list[tuple[str, str]]]]:
    """Priority, and each of its clocks as (what, span)."""
    return [
        (
            priority,
            [
                (translate(here.language, words), span(getattr(clock, name), here.language))
                for name, words in CLOCKS.items()
            ],
        )
        for priority, policy in all_policies(here.hotline, tx).items()
        for clock in [policy.clock]
    ]


def _steps(policy: Policy, here: Visit) -> tuple[str, ...]:
    language = here.language
    told = [
        f"{_after(rung.after, language)}: {translate(language, PEOPLE[rung.page])}, "
        f"{translate(language, WAYS[rung.by])}"
        for rung in policy.rungs
    ]
    every = translate(
        language, "then everybody, every %(span)s", span=span(policy.repeat_every, language)
    )
    return (*told, every)


def _after(seconds: int, language: str) -> str:
    if seconds == 0:
        return translate(language, "at once")
    return translate(language, "after %(span)s", span=span(seconds, language))


def span(seconds: int, language: str) -> str:
    """ "15 min", "4 h", "7 d": in the largest unit it is whole in."""
    if seconds % _DAY == 0 and seconds > _DAY:
        return translate(language, "%(n)s d", n=seconds // _DAY)
    if seconds % _HOUR == 0:
        return translate(language, "%(n)s h", n=seconds // _HOUR)
    return translate(language, "%(n)s min", n=round(seconds / _MINUTE))
