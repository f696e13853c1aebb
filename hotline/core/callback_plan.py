"""How a caller may be called back, put together key by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NUMBER, WINDOW, WHO_ANSWERS, CONSENT = "number", "window", "who_answers", "consent"
CALLING_NUMBER = "calling"
"""`number` when the caller wants to be rung on the phone they used."""

_WEAK_CONSENT = frozenset({"pending", "not_asked"})


def add_to_plan(plan: Mapping[str, str], answers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The plan with later answers added; a question asked again never undoes a yes or a no."""
    merged = dict(plan)
    for name, value in answers:
        if name == CONSENT and value in _WEAK_CONSENT and merged.get(CONSENT) in ("yes", "no"):
            continue
        merged[name] = value
    return merged


def is_more_urgent(one: str, other: str) -> bool:
    """Whether priority `one` comes before `other`: "P0" is the most urgent, "P3" the least."""
    return one < other
